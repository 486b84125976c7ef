"""Examples of what goes in and comes out, for the OpenAPI document and its page."""

from collections.abc import Mapping
from typing import Any

from services.edge import example_actions
from services.edge.example_forms import APPLICATION, DIRECT, OPINION, PERSON, REFERRAL, SUPPORT

Operation = tuple[str, str]
"""Method and address."""


def _one(name: str, summary: str, value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: {"summary": summary, "value": value}}


_NOTHING: Mapping[str, Any] = {}

BODIES: Mapping[Operation, Mapping[str, Any]] = {
    ("POST", "/api/v1/work-items/people"): _one(
        "dwie_sprawy",
        "Osoby z dwóch spraw / The people of two items",
        {"ids": ["0198f3a0-7c11-7a3e-9d52-4b8e6f2a1c07", "0198f39e-51d0-7c44-a1b2-8e7f6a5d4c31"]},
    ),
    ("POST", "/api/v1/session"): _one(
        "osoba",
        "Login i hasło z credentials.json / Login and password of credentials.json",
        {"login": "ops-head@ops-poraj", "password": "…"},
    ),
    ("POST", "/api/v1/session/switch"): _one(
        "inna_rola",
        "Ta sama osoba w KIS / The same person at the KIS",
        {"agency": "kis-zdunska-wola", "role": "KIS_COORDINATOR"},
    ),
    ("POST", "/api/v1/session/password"): _one(
        "haslo", "Nowe hasło / A new password", {"password": "…", "new_password": "cztery długie słowa"}
    ),
    ("POST", "/api/v1/accounts"): _one(
        "osoba",
        "Nowa osoba / A new person",
        {"login": "anna.wzorcowa", "name": "Anna Wzorcowa", "role": "OPS_SOCIAL_WORKER"},
    ),
    ("POST", "/api/v1/accounts/borrowed"): _one(
        "z_innej_instytucji",
        "Osoba z OPS koordynuje KIS / Somebody of the OPS coordinates the KIS",
        {"login": "ops-social-worker@ops-zdunska-wola", "role": "KIS_COORDINATOR"},
    ),
    ("POST", "/api/v1/accounts/{account_id}/actions/{action}"): {
        **_one("disable", "disable, enable, new_password: bez pól / no fields", _NOTHING),
        **_one("give_post", "give_post, take_post: rola / a role", {"role": "OPS_DEPUTY"}),
        **_one("rename", "rename: nazwisko / a name", {"name": "Anna Przykładna"}),
    },
    ("POST", "/api/v1/referrals"): {
        **_one("ops_do_cis", "ops-poraj kieruje do CIS / ops-poraj refers to a CIS", REFERRAL),
        **_one("pup_do_cis", "pup-myszkow kieruje bezpośrednio / pup-myszkow refers directly", DIRECT),
        **_one("za_zgoda", "Każdy za zgodą osoby do OWES / Anybody to an OWES, by consent", SUPPORT),
        **_one("szkic", "Szkic: cokolwiek już wiadomo / A draft: whatever is known", {**SUPPORT, "draft": True}),
    },
    ("POST", "/api/v1/referrals/receivers"): _one(
        "bez_opinii",
        "ops-poraj: formularz w toku / ops-poraj: a form in progress",
        {name: value for name, value in REFERRAL.items() if name != "opinion"},
    ),
    ("PUT", "/api/v1/referrals/{referral_id}"): _one("szkic", "Szkic od nowa / The draft anew", SUPPORT),
    ("POST", "/api/v1/referrals/{referral_id}/actions/{action}"): example_actions.examples(),
    ("POST", "/api/v1/dead-letters/{letter_id}/actions/{action}"): {
        **_one("drop", "drop: z powodem / with a reason", {"reason": "Wyjaśnione z nadawcą telefonicznie."}),
        **_one("retry", "retry: bez pól / no fields", _NOTHING),
    },
    ("POST", "/api/v1/applications"): _one("papier", "ops-poraj: wniosek na papierze / on paper", APPLICATION),
    ("POST", "/api/v1/applications/{application_id}/actions/{action}"): {
        **_one(
            "record_interview",
            "record_interview: wywiad się odbył / the interview was held",
            {"held_on": "2026-01-12", "place": "w miejscu zamieszkania"},
        ),
        **_one("give_opinion", "give_opinion: opinia / the opinion", {"opinion": OPINION}),
        **_one(
            "issue",
            "issue: skierowanie do CIS / the referral",
            {"receiver": "cis-poraj", "case_mark": "OPS.5121.8.2026"},
        ),
        **_one(
            "return_for_completion",
            "return_for_completion: do uzupełnienia / to be completed",
            {"reason": "signature_missing", "note": "Brak podpisu na drugiej stronie."},
        ),
    },
    ("POST", "/api/v1/place-questions"): _one(
        "dwa_cis",
        "Trzy miejsca w warsztacie stolarskim? / Three places in a carpentry workshop?",
        {"receivers": ["cis-poraj", "cis-tychy"], "places": 3, "workshop": "stolarski", "from_on": "2026-09-01"},
    ),
    ("POST", "/api/v1/place-questions/{question_id}/answer"): {
        **_one("sa_miejsca", "Dwa od marca / Two from March", {"free": 2, "from_on": "2027-03-01"}),
        **_one("brak", "Żadnego / None", {"free": 0, "note": "Następny nabór w lutym."}),
    },
    ("PUT", "/api/v1/applications/{application_id}/actions/{action}/unfinished"): _one(
        "opinia_w_toku",
        "give_opinion: to, co już wpisano / what is typed so far",
        {"fields": {"opinion.result": ["positive"], "opinion.findings": ["Chce pracować w kuchni; dojeżdża"]}},
    ),
    ("POST", "/api/v1/clients/search"): {
        **_one("pesel", "Po numerze PESEL / By PESEL", {"pesel": PERSON["pesel"]}),
        **_one(
            "nazwisko",
            "Po nazwisku i dacie urodzenia / By name and date of birth",
            {"given_name": "Zofia", "family_name": "Przykladna", "birth_date": "1984-05-17"},
        ),
        **_one("same_nazwisko", "Po samym nazwisku i imieniu / By names alone", {"name": "Przykladna Zofia"}),
    },
    ("PUT", "/api/v1/clients/{client_id}"): _one(
        "nazwisko",
        "Zmiana nazwiska / A changed surname",
        {"person": {**PERSON, "family_name": "Wzorcowa", "previous_family_name": "Przykładna"}},
    ),
    ("POST", "/api/v1/clients/{client_id}/withdrawal/preview"): _one(
        "przeprowadzka", "Osoba się wyprowadziła / The person has moved", {"reason": "person_moved"}
    ),
    ("POST", "/api/v1/clients/{client_id}/withdrawal"): _one(
        "przeprowadzka",
        "Jak pokazał podgląd / As the preview showed",
        {"reason": "person_moved", "stamp": "9f2c4b7d1e0a8365c4d2f19b7a60e83d"},
    ),
    ("POST", "/api/v1/clients/{client_id}/merge"): _one(
        "ta_sama_osoba",
        "Ta sama osoba zapisana dwa razy / One person recorded twice",
        {"into": "0198f3a0-7c11-7d10-8c3e-5a1b9e7f2d44", "reason": "Ta sama osoba po zmianie nazwiska."},
    ),
}

_SENT = {
    "id": "0198f3a0-7c11-7a3e-9d52-4b8e6f2a1c07",
    "path_id": "0198f3a0-7c11-7b60-8f14-2e9d7a5c3b18",
    "number": "S26-0RD9-8GFA",
    "sender": "ops-poraj",
    "receiver": "cis-poraj",
    "kind": "statutory_cis",
    "urgency": "normal",
    "status": "submitted",
    "version": 1,
    "custodian": "ops-poraj",
    "available_actions": [{"action": "withdraw", "label": "Wycofaj", "fields": [{"name": "reason", "required": True}]}],
    "times": {"submitted": "2026-01-20T09:15:00Z"},
    "client": {"given_name": "Zofia", "family_name": "Przykładna", "birth_date": "1984-05-17"},
}
_DECIDED = {
    "submitted": "2026-01-20T09:15:00Z",
    "delivered": "2026-01-20T09:15:01Z",
    "seen": "2026-01-20T10:02:11Z",
    "decided": "2026-01-21T08:40:00Z",
}
_ACCEPTED = {**_SENT, "status": "accepted", "version": 4, "available_actions": [], "times": _DECIDED}
_SESSION = {
    "login": "ops-head@ops-poraj",
    "name": "Adam Przykładny",
    "agency": "ops-poraj",
    "agency_name": "Gminny Ośrodek Pomocy Społecznej w Poraju",
    "roles": ["OPS_HEAD"],
    "role": "OPS_HEAD",
    "label": "kierownik OPS lub dyrektor CUS",
    "posts": [
        {
            "agency": "ops-poraj",
            "role": "OPS_HEAD",
            "agency_name": "Gminny Ośrodek Pomocy Społecznej w Poraju",
            "label": "kierownik OPS lub dyrektor CUS",
        }
    ],
    "expires_at": "2026-01-20T09:45:00Z",
    "ends_at": "2026-01-20T19:15:00Z",
    "seconds_left": 1800,
}
_FILE = {
    "id": "0198f39e-51d0-7c44-a1b2-8e7f6a5d4c31",
    "name": "opinia.pdf",
    "media_type": "application/pdf",
    "size": 184211,
    "uploaded_at": "2026-01-20T09:12:00Z",
    "in_use": False,
}

ANSWERS: Mapping[Operation, tuple[str, Any]] = {
    ("POST", "/api/v1/session"): ("201", {**_SESSION, "token": "q3Xf…", "expires_in": 36000}),
    ("GET", "/api/v1/session"): ("200", _SESSION),
    ("POST", "/api/v1/referrals"): ("201", _SENT),
    ("GET", "/api/v1/referrals"): ("200", {"items": [_ACCEPTED], "next": None}),
    ("GET", "/api/v1/referrals/{referral_id}"): ("200", _ACCEPTED),
    ("POST", "/api/v1/attachments"): ("201", _FILE),
    ("GET", "/api/v1/attachments/{attachment_id}"): ("200", _FILE),
}
"""Status and body of the answer that each of these gives when all is well."""

PROBLEM = {
    "type": "urn:sciezka:problem:invalid",
    "title": "Popraw zaznaczone pola. Nic nie zostało utracone ani wysłane.",
    "status": 422,
    "errors": [
        {
            "field": "client.address.postal_code",
            "code": "postal_code_invalid",
            "message": "Podaj kod pocztowy w postaci 00-000.",
        }
    ],
}
"""What every 422 looks like."""
