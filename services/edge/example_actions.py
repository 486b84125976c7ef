"""Examples of what goes with the actions on a referral, one for each action."""

from collections.abc import Mapping
from typing import Any

from services.edge.example_forms import OPINION

BARE = (
    *(
        "claim",
        "release",
        "accept",
        "submit",
        "undo",
        "admit",
        "no_show",
        "give_up",
        "begin",
        "note_progress",
        "resume",
    ),
    *("confirm_cancel", "reopen", "accept_redirect", "accept_return", "close_unanswered", "end_consent"),
    "ask_opinion",
)
"""Those that ask for nothing."""

_WITH: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "put_on_list": (
        "przyjęcie na listę oczekujących / accepted onto the waiting list",
        {"review_on": "2026-02-20", "edition": "opiekunczy_wiosna_2027"},
    ),
    "decline": ("odmowa / a refusal", {"reason": "no_place"}),
    "ask": (
        "pytanie jednostki przyjmującej / the receiver's question",
        {"question": "Czy osoba ma aktualne badania?", "due_on": "2026-12-31"},
    ),
    "answer": ("odpowiedź / the sender's answer", {"text": "Tak, do końca roku."}),
    "withdraw": ("wycofanie / a withdrawal", {"reason": "person_moved"}),
    "give_opinion": ("opinia do szkicu / the opinion for a draft", {"opinion": OPINION}),
    "send_back": (
        "zwrot przed decyzją z podpowiedzią / back before a decision, with a suggestion",
        {"reason": "outside_territory", "suggestion": "cis-tychy"},
    ),
    "redirect": (
        "propozycja innej instytucji / another institution proposed",
        {"reason": "wrong_institution", "suggestion": "owes-jowes"},
    ),
    "refuse_redirect": ("brak zgody na nią / it is not agreed to", {"reason": "person_declined"}),
    "waitlist": ("na listę oczekujących / onto the waiting list", {"review_on": "2026-02-20"}),
    "extend_wait": ("nadal bez miejsca / still no place", {"review_on": "2026-03-20"}),
    "schedule": ("spotkanie / an appointment", {"meet_at": "2026-02-24T09:00:00+01:00", "place": "pokój 12"}),
    "reschedule": ("inny termin / another time", {"meet_at": "2026-02-26T09:00:00+01:00", "place": "pokój 12"}),
    "record_attempt": ("próba kontaktu / an attempt to reach the person", {"channel": "phone"}),
    "start": ("podpisano program lub kontrakt / programme or contract signed", {"signed_on": "2026-02-24"}),
    "suspend": ("przerwa / a pause", {"reason": "away", "until": "2026-04-30"}),
    "prolong": ("dłuższa przerwa / a longer pause", {"until": "2026-05-31"}),
    "complete": (
        "wynik i to, co go potwierdza / the outcome, and what proves it",
        {"outcome": "open_market", "evidence": "document", "note": "Umowa o pracę na rok."},
    ),
    "late_decline": ("odmowa po przyjęciu / a refusal after accepting", {"reason": "offer_ended"}),
    "request_cancel": ("prośba o anulowanie / asking to cancel", {"reason": "person_moved"}),
    "refuse_cancel": ("bez zgody na anulowanie / the cancellation is refused", {"reason": "person_goes_on"}),
    "propose_return": (
        "propozycja zwrotu z podsumowaniem / handing back, with a summary",
        {"reason": "needs_changed", "text": "Osoba podjęła leczenie; zajęcia wrócą po nim.", "suggestion": "ops-poraj"},
    ),
    "refuse_return": ("bez zgody na zwrot / not taken back", {"reason": "summary_incomplete"}),
    "ask_reopen": ("prośba o wznowienie / asking to reopen", {"reason": "person_returned"}),
    "refuse_reopen": ("bez zgody na wznowienie / it is not opened again", {"reason": "new_case"}),
    "void": ("wpisane omyłkowo / entered in error", {"reason": "wrong_person"}),
    "renew_consent": ("nowa zgoda / a new consent", {"signed_on": "2026-03-02"}),
}


def examples() -> dict[str, Any]:
    """By the name of the action; those that ask for nothing together, under the first of their names."""
    told = {action: {"summary": f"{action}: {what}", "value": body} for action, (what, body) in _WITH.items()}
    return {BARE[0]: {"summary": f"{', '.join(BARE)}: bez pól / no fields", "value": {}}, **told}
