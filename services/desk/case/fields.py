"""The fields of an action in words: how each is asked for, its options in groups, days that are mostly told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Literal

from contracts.api import ActionField
from contracts.codes import Language
from rules.calendar import add_working_days, days_off, roll_forward
from rules.lifecycle_table import table
from rules.reasons import reasons
from services.desk.language import texts

Shape = Literal["radios", "area", "day", "moment", "line", "choice"]
Options = Sequence[tuple[str, str]]
Groups = Sequence[tuple[str | None, Options]]
"""Options under the heading of their group, in the language of the page; without one where there is but one group."""


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message


_SHAPES: Mapping[str, Shape] = {
    **dict.fromkeys(("reason", "channel", "outcome", "evidence"), "radios"),
    **dict.fromkeys(("note", "question", "text"), "area"),
    **dict.fromkeys(("due_on", "review_on", "until", "signed_on"), "day"),
    "meet_at": "moment",
    "place": "line",
    **dict.fromkeys(("suggestion", "edition"), "choice"),
}

_LABELS: Mapping[str, str] = {
    "reason": _("Powód"),
    "note": _("Wyjaśnienie dla drugiej instytucji (nieobowiązkowe)"),
    "complete.note": _("Uwagi dla instytucji kierującej (nieobowiązkowe)"),
    "question": _("Pytanie do instytucji kierującej"),
    "due_on": _("Odpowiedź potrzebna do"),
    "text": _("Odpowiedź na pytanie"),
    "propose_return.text": _("Podsumowanie dla instytucji kierującej"),
    "review_on": _("Dzień, w którym miejsce będzie sprawdzone ponownie"),
    "until": _("Zawieszone do"),
    "signed_on": _("Dzień podpisania programu lub kontraktu"),
    "renew_consent.signed_on": _("Dzień podpisania nowej zgody"),
    "accept_redirect.signed_on": _("Dzień zgody osoby na tę instytucję, gdy skierowanie opiera się na zgodzie"),
    "meet_at": _("Dzień spotkania"),
    "place": _("Miejsce spotkania (nieobowiązkowe)"),
    "channel": _("W jaki sposób"),
    "outcome": _("Wynik"),
    "evidence": _("Skąd to wiadomo"),
    "suggestion": _("Instytucja, do której warto skierować (nieobowiązkowe)"),
    "redirect.suggestion": _("Instytucja, do której warto skierować"),
    "edition": _("Edycja (nieobowiązkowe)"),
}

_HINTS: Mapping[str, str] = {
    "due_on": _("Na przykład 3.12.2026. Albo wyślij od razu jednym z przycisków z gotowym dniem."),
    "review_on": _("Na przykład 3.12.2026. Albo zapisz od razu jednym z przycisków z gotowym dniem."),
    "until": _("Na przykład 3.12.2026. Albo zapisz od razu jednym z przycisków z gotowym dniem."),
    "meet_at": _("Na przykład 3.12.2026."),
    "propose_return.text": _("Co zrobiono, jak jest teraz i czego osoba potrzebuje."),
}

_AHEAD = ("due_on", "review_on", "until", "meet_at")
"""Days that lie ahead and on which somebody is to be at work."""

_LOOKED_AHEAD = 60
_SATURDAY = 5

_PRESETS: Mapping[str, str] = {
    "due_on": _("Wyślij, odpowiedź do %(day)s"),
    "review_on": _("Zapisz, ponownie %(day)s"),
    "until": _("Zapisz, do %(day)s"),
}
"""By the day that a button tells at once, what stands on it."""


@dataclass(frozen=True)
class Field:
    """`name` as the interface has it; label, hint and `preset` are msgids; `presets`: days that a button offers;
    `days_off`: those ahead on which nobody works, weekends apart."""

    name: str
    shape: Shape
    label: str
    hint: str | None
    groups: Groups
    days_off: tuple[date, ...]
    presets: tuple[date, ...]
    preset: str

    @property
    def options(self) -> Options:
        return [option for _, options in self.groups for option in options]


def field_of(
    action: str, told: ActionField, choices: Mapping[str, Options], today: date, language: Language
) -> Field | None:
    """None for a choice between nothing that need not be made."""
    options = [(option.code, option.label) for option in told.options] or choices.get(told.name, ())
    shape = _SHAPES[told.name]
    if shape == "choice" and not options and not told.required:
        return None
    special = f"{action}.{told.name}"
    return Field(
        name=told.name,
        shape=shape,
        label=_LABELS.get(special, _LABELS[told.name]),
        hint=_HINTS.get(special, _HINTS.get(told.name)),
        groups=_grouped(action, options, language) if told.name == "reason" else [(None, options)],
        days_off=_days_off(today) if told.name in _AHEAD else (),
        presets=_days(told.name, today),
        preset=_PRESETS.get(told.name, ""),
    )


def _grouped(action: str, options: Options, language: Language) -> Groups:
    """The reasons in their groups; those that are alone in theirs stand together below."""
    names = {entry.transition.reasons for entry in table().entries.values() if entry.transition.action == action}
    group_of = {each.code: each.group_wording[language] for name in names if name for each in reasons(name)}
    found: dict[str, list[tuple[str, str]]] = {}
    for code, label in options:
        found.setdefault(group_of[code], []).append((code, label))
    together = [(name, group) for name, group in found.items() if len(group) > 1]
    if len(together) < 2:
        return [(None, options)]
    alone = list(chain.from_iterable(group for group in found.values() if len(group) == 1))
    return [*together, (texts(language).gettext(_("Inne powody")), alone)] if alone else together


def _days_off(today: date) -> tuple[date, ...]:
    """Weekends are known to everybody."""
    found = (day for day, _ in days_off(today, today + timedelta(days=_LOOKED_AHEAD)))
    return tuple(day for day in found if day.weekday() < _SATURDAY)


def _days(name: str, today: date) -> tuple[date, ...]:
    """Days that are mostly told: for an answer so many working days ahead, else weeks."""
    if name == "due_on":
        return tuple(add_working_days(today, days) for days in (3, 7, 14))
    weeks = {"review_on": (30, 60), "until": (14, 30)}.get(name, ())
    return tuple(roll_forward(today + timedelta(days=days)) for days in weeks)
