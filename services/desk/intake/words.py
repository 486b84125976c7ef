"""Words for the codes in the fields of these pages, in the person's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import get_args

from contracts.applications import WrittenChannel
from contracts.codes import Language
from rules.reasons import lists
from services.desk import wordings
from services.desk.language import texts

Pairs = list[tuple[str, str]]


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message


_CHANNELS = {
    "paper": _("na papierze, złożony na miejscu"),
    "in_person": _("osobiście, ustnie"),
    "post": _("pocztą"),
    "e_delivery": _("przez e-Doręczenia"),
    "electronic": _("od instytucji, w Ścieżce"),
}


_STEPS = {
    "register": _("Zarejestrowano wniosek"),
    "schedule_interview": _("Zaplanowano wywiad"),
    "record_interview": _("Zapisano wywiad"),
    "give_opinion": _("Wydano opinię"),
    "issue": _("Wydano skierowanie"),
    "refuse": _("Odmówiono skierowania"),
    "return_for_completion": _("Zwrócono do uzupełnienia"),
    "complete": _("Przyjęto uzupełnienie"),
    "withdraw": _("Zakończono bez rozpatrzenia"),
}
"""Steps that were taken; the rules word those that can be."""

_LABELS = {
    "client.family_name": _("Nazwisko"),
    "client.given_name": _("Imię"),
    "client.birth_date": _("Data urodzenia"),
    "client.address.town": _("Miejscowość"),
    "received_on": _("Wpłynął dnia"),
    "channel": _("Jak wpłynął"),
    "applicant.name": _("Imię i nazwisko albo nazwa wnioskodawcy"),
    "on": _("Dzień wywiadu"),
    "held_on": _("Wywiad odbył się dnia"),
    "place": _("Miejsce wywiadu"),
    "opinion.result": _("Wynik opinii"),
    "opinion.issued_on": _("Opinia z dnia"),
    "opinion.interview_on": _("Wywiad z dnia"),
    "receiver": _("Jednostka przyjmująca"),
    "case_mark": _("Znak sprawy"),
}
"""Fields of which an error may say no more than that they are needed."""


@dataclass(frozen=True)
class Words:
    """Codes with their words, in the order in which to offer them."""

    grounds: Pairs
    labour: Pairs
    benefits: Pairs
    opinions: Pairs
    channels: dict[str, str]

    @property
    def written(self) -> Pairs:
        """How an application comes in that is typed in here."""
        return [(code, text) for code, text in self.channels.items() if code in get_args(WrittenChannel)]


def step_said(action: str, language: Language) -> str:
    """A step that was taken."""
    return texts(language).gettext(_STEPS[action])


def named(errors: Mapping[str, str], language: Language) -> dict[str, str]:
    """The errors for the summary of a page, each with the name of its field where it would not say it by itself."""
    said = texts(language).gettext
    return {
        name: f"{said(_LABELS[name])}: {message}" if name in _LABELS else message for name, message in errors.items()
    }


def words_of_match(language: Language) -> dict[str, str]:
    """Why somebody may be the person looked for."""
    return {code: texts(language).gettext(text) for code, text in wordings.WHY.items()}


def words_in(language: Language, today: date) -> Words:
    """All of them on this day: benefits come and go with the law."""
    said = texts(language).gettext
    return Words(
        grounds=[(code, said(text)) for code, text in wordings.GROUNDS.items()],
        labour=[(code, said(text)) for code, text in wordings.LABOUR.items()],
        benefits=list(wordings.benefits(language, today).items()),
        opinions=[(code, said(text)) for code, text in wordings.OPINIONS.items()],
        channels={code: said(text) for code, text in _CHANNELS.items()},
    )


def reason_in(code: str | None, language: Language) -> str | None:
    """A coded reason in words, whichever list it is of; None for none."""
    named = (each for rows in lists().values() for each in rows if each.code == code)
    return next((each.wording[language] for each in named), None)
