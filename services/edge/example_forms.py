"""Forms as examples.

The people in them cannot exist: their PESEL numbers are for training, and work in a training environment only. Dates
are past, so that an example works on any day.
"""

PERSON = {
    "given_name": "Zofia",
    "family_name": "Przykładna",
    "pesel": "84651741202",
    "phone": "+48 000 123 456",
    "address": {"street": "Szkoleniowa 1", "postal_code": "42-360", "town": "Poraj", "gmina": "2409042"},
}
OPINION = {
    "result": "positive",
    "interview_on": "2026-01-12",
    "issued_on": "2026-01-16",
    "findings": "Chce pracować w kuchni; dojeżdża autobusem.",
}
_EXCLUDED = {
    "grounds": ["LONG_TERM_UNEMPLOYED"],
    "general_clause": True,
    "labour": {"status": "registered_unemployed", "registered_months": 18, "benefits": []},
}

REFERRAL = {
    "receiver": "cis-poraj",
    "client": PERSON,
    "reason": "Chce wrócić do pracy po długiej przerwie i potrzebuje wsparcia na początku.",
    "route": "A",
    **_EXCLUDED,
    "opinion": OPINION,
    "case_mark": "OPS.5121.7.2026",
    "expectations": "Warsztat opiekuńczy, jeśli jest miejsce.",
}
"""What `ops-poraj` may send."""

DIRECT = {
    "receiver": "cis-poraj",
    "client": PERSON,
    "reason": "Długotrwale bezrobotna, bez ofert od roku; chce uczestniczyć w zajęciach centrum.",
    "route": "C",
    **_EXCLUDED,
}
"""What `pup-myszkow` may send."""

SUPPORT = {
    "receiver": "owes-jowes",
    "client": {
        "given_name": "Wacław",
        "family_name": "Ćwiczenny",
        "birth_date": "1979-11-03",
        "address": {"town": "Poraj"},
    },
    "reason": "Chce założyć spółdzielnię socjalną.",
    "consent": {"given_on": "2026-01-16", "version": "2026-1"},
}
"""What any institution may send."""

APPLICATION = {
    "received_on": "2026-01-05",
    "channel": "paper",
    "applicant": {"kind": "person"},
    "client": {
        "given_name": "Halina",
        "family_name": "Wzorcowa",
        "pesel": "79710373119",
        "address": {"town": "Poraj", "gmina": "2409042"},
    },
    "reason": "Prosi o skierowanie do centrum; chce nauczyć się zawodu.",
    **_EXCLUDED,
}
"""What `ops-poraj` may register."""
