"""How the page offers each action: which comes first, in which group it stands, and what is said before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Group = Literal["forward", "pause", "end"]


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message


GROUPS: Mapping[Group, str] = {"forward": _("Dalej"), "pause": _("Przerwa"), "end": _("Zakończenie")}
"""By group what stands above it."""


@dataclass(frozen=True)
class Manner:
    """`says`: a msgid, what comes of it; `warning`: it cannot simply be taken back, so it has a warning button;
    `leads`: where it is the first thing to do, it stands open."""

    group: Group
    says: str | None = None
    warning: bool = False
    leads: bool = False


MANNERS: Mapping[str, Manner] = {
    "answer": Manner("forward", leads=True),
    "claim": Manner("forward"),
    "accept": Manner("forward"),
    "reopen": Manner(
        "forward", _("Sprawa wraca do stanu sprzed zakończenia i znów prowadzi ją nasza instytucja."), leads=True
    ),
    "refuse_reopen": Manner("forward", _("Sprawa pozostanie zakończona, a instytucja kierująca pozna powód.")),
    "resume": Manner("forward"),
    "confirm_cancel": Manner(
        "forward",
        _("Skierowanie się zakończy i nasza instytucja przestanie prowadzić sprawę."),
        warning=True,
        leads=True,
    ),
    "refuse_cancel": Manner("forward", _("Sprawa wróci do stanu sprzed prośby.")),
    "accept_return": Manner("forward", _("Sprawę znów poprowadzi nasza instytucja."), leads=True),
    "refuse_return": Manner("forward", _("Sprawę dalej prowadzi instytucja przyjmująca.")),
    "accept_redirect": Manner(
        "forward",
        _("Do wskazanej instytucji pójdzie nowe skierowanie z tymi samymi danymi, a to się zakończy."),
        leads=True,
    ),
    "refuse_redirect": Manner("forward", _("Instytucja przyjmująca będzie rozpatrywać to skierowanie dalej.")),
    "admit": Manner("forward"),
    "schedule": Manner("forward", leads=True),
    "note_progress": Manner("forward"),
    "start": Manner("forward", _("Od tej chwili sprawę prowadzi nasza instytucja.")),
    "begin": Manner("forward"),
    "no_show": Manner("forward"),
    "reschedule": Manner("forward"),
    "record_attempt": Manner("forward"),
    "ask_reopen": Manner("forward", _("O wznowieniu rozstrzygnie kierownik instytucji przyjmującej.")),
    "renew_consent": Manner("forward"),
    "put_on_list": Manner("forward", _("To jest przyjęcie: osoba czeka na miejsce, a instytucja kierująca zna dzień.")),
    "ask": Manner("forward"),
    "release": Manner("forward"),
    "waitlist": Manner("pause", _("Osoba zachowuje przyjęcie i czeka na miejsce.")),
    "extend_wait": Manner("pause"),
    "prolong": Manner("pause"),
    "suspend": Manner("pause", _("W tym dniu trzeba będzie zdecydować, czy wznowić.")),
    "end_consent": Manner(
        "pause",
        _("Instytucja przyjmująca od razu straci dostęp do danych osoby, a pliki przestaną być przekazywane."),
        warning=True,
    ),
    "complete": Manner("end"),
    "decline": Manner("end", warning=True),
    "redirect": Manner("end", _("Rozstrzygnie instytucja kierująca.")),
    "send_back": Manner("end", _("Skierowanie się zakończy; nowe wyda instytucja, która je wystawiła."), warning=True),
    "propose_return": Manner("end", _("Sprawę dalej prowadzi nasza instytucja, aż instytucja kierująca ją przejmie.")),
    "give_up": Manner("end", _("Skierowanie się zakończy; instytucja kierująca zdecyduje, co dalej."), warning=True),
    "late_decline": Manner(
        "end", _("Przyjęcie przestanie obowiązywać i osoba straci miejsce. Tej odmowy nie można cofnąć."), warning=True
    ),
    "request_cancel": Manner(
        "end", _("Rozstrzygnie instytucja przyjmująca; do tego czasu nic się nie zmienia."), warning=True
    ),
    "withdraw": Manner("end", warning=True),
    "close_unanswered": Manner(
        "end", _("Skierowanie się zakończy bez odpowiedzi i nikt już na nie nie odpowie."), warning=True
    ),
    "void": Manner(
        "end",
        _("Dane osoby znikną z tego skierowania w obu instytucjach; historia zostanie. Nie można tego cofnąć."),
        warning=True,
    ),
}
"""By action, in the order in which to offer them. What is about a draft has its place on the page of drafts."""
