"""A dossier in groups that can be read: only what is told, each field under the name that the form gives it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from pydantic import BaseModel

from contracts.codes import Language
from services.desk import dates
from services.desk.language import texts
from services.desk.new.table import FIELDS
from services.desk.wordings import OPINIONS, RELATIONS, YES_NO


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message


_COUNTRIES = ("citizenship", "document.country")
_PERSON = (
    "previous_family_name",
    "sex",
    "citizenship",
    "language",
    "document.type",
    "document.number",
    "document.country",
)
_CONTACT = (
    "phone",
    "email",
    "preferred_contact",
    "address.street",
    "address.postal_code",
    "address.town",
    "address.basis",
    "representative.given_name",
    "representative.family_name",
    "representative.role",
    "representative.phone",
)
_AT_CLIENT = frozenset((*_PERSON, *_CONTACT))
"""Fields that a form has under `client`."""

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (_("Powód i oczekiwania"), ("reason", "expectations", "preferred_workshop", "availability", "case_mark")),
    (
        _("Podstawa skierowania"),
        ("grounds", "other_ground", "person_at_risk", "general_clause", "ground_documents", "opinion_result"),
    ),
    (
        _("Opinia"),
        (
            "opinion.result",
            "opinion.interview_on",
            "opinion.issued_on",
            "opinion.conditions",
            "opinion.reasons",
            "opinion.findings",
            "opinion.barriers",
            "opinion.resources",
            "opinion.motivation",
            "opinion.social_scope",
            "opinion.vocational_scope",
            "opinion.social_contract",
        ),
    ),
    (_("Kontakt"), _CONTACT),
    (_("Osoba"), _PERSON),
    (_("Rynek pracy"), ("labour.status", "labour.registered_on", "labour.registered_months", "labour.benefits")),
    (
        _("Wykształcenie i praca"),
        (
            "background.education",
            "background.occupation",
            "background.skills",
            "background.driving_licences",
            "background.work_history",
            "background.last_job_ended_on",
        ),
    ),
    (
        _("Sytuacja życiowa"),
        ("situation.family", "situation.housing", "situation.care_duties", "situation.transport", "situation.debts"),
    ),
    (_("Gospodarstwo domowe"), ("household",)),
    (
        _("Zdrowie i dostępność"),
        (
            "health.disability_degree",
            "health.disability_symbols",
            "health.in_therapy",
            "health.contraindications",
            "accessibility",
            "accessibility_needs",
        ),
    ),
    (_("Zgoda"), ("consent.given_on", "consent.version", "consent.given_by", "consent.scope")),
)
"""Titles (msgids) and fields, in the order in which somebody who decides reads them."""

_OWN_NAMES: Mapping[str, str] = {
    "person_at_risk": _("Osoba zagrożona wykluczeniem"),
    "opinion_result": _("Wynik opinii"),
    "ground_documents": _("Dokumenty"),
    "household": _("Kto"),
}
"""Names of fields that the form asks for in another way, or not at all."""


@dataclass(frozen=True)
class Group:
    """Facts under a heading: names and what is told, in the person's language."""

    title: str
    facts: Sequence[tuple[str, str]]


def groups(told: BaseModel, language: Language, codes: Mapping[str, str], *, but: Iterable[str] = ()) -> list[Group]:
    """The groups in which anything is told. `codes`: words for codes that no field lists, benefits and workshops;
    `but`: fields that the page shows elsewhere.
    """
    reader, left_out = _Reader(language, codes), frozenset(but)
    found = []
    for title, fields in GROUPS:
        facts = [fact for field in fields if field not in left_out for fact in reader.facts(told, field)]
        if facts:
            found.append(Group(reader.said(title), facts))
    return found


class _Reader:
    def __init__(self, language: Language, codes: Mapping[str, str]) -> None:
        self._language: Language = language
        self._codes = codes
        self.said = texts(language).gettext
        self._countries = Locale.parse(language).territories

    def facts(self, told: BaseModel, field: str) -> Iterator[tuple[str, str]]:
        value = _value(told, field)
        if value is None or value == () or value == "":
            return
        known = f"client.{field}" if field in _AT_CLIENT else field
        yield self._name(field, known), self._words(field, known, value)

    def _name(self, field: str, known: str) -> str:
        if field in _OWN_NAMES:
            return self.said(_OWN_NAMES[field])
        return self.said(FIELDS[known].label)

    def _words(self, field: str, known: str, value: Any) -> str:
        match value:
            case bool():
                return self.said(YES_NO["yes" if value else "no"])
            case date():
                return dates.day(value, self._language)
            case tuple():
                return ", ".join(self._words(field, known, each) for each in value)
            case BaseModel():
                return self._row(value)
        if field in _COUNTRIES:
            return str(self._countries.get(str(value), value))
        listed = OPINIONS if field == "opinion_result" else FIELDS[known].options if known in FIELDS else {}
        words = listed.get(str(value))
        return self.said(words) if words else self._codes.get(str(value), str(value))

    def _row(self, row: BaseModel) -> str:
        """Somebody of the household, or a document, in one line."""
        parts = []
        for name in type(row).model_fields:
            value = getattr(row, name)
            if value is None or name == "client_id":
                continue
            parts.append(self.said(RELATIONS[value]) if name == "relation" else self._words(name, f"{name}s", value))
        return " ".join(parts)


def _value(told: BaseModel, field: str) -> Any:
    value: Any = told
    for part in field.split("."):
        value = getattr(value, part, None)
    return value
