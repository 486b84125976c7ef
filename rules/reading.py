"""Reading rule files: the rows of tables and of local files, checked on their own and against one another."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Final

from contracts.base import Message, Slug
from contracts.codes import Language
from rules.calendar import calendar
from rules.data import Refusal, Wording
from rules.engine import LocalLength
from rules.lengths import shorter_or_equal
from rules.rule import DeadlineRule, Refused, bad_length, refuse
from rules.source import Source, refuse_overlaps

SECTIONS: Final = ("days_off", "closing_days", "lengths", "rules")


class _DayOff(Message):
    """A day off for everybody that the table of holidays does not have (yet)."""

    date: date
    wording: Wording
    basis: Wording


class _ClosingDay(Message):
    """A day on which one institution does not work."""

    institution: Slug
    date: date
    wording: Wording


def rules_of(sources: Iterable[Source]) -> tuple[DeadlineRule, ...]:
    """The rules of these files, each checked on its own and against the others. Raises RulesError."""
    found = [
        (source, number, rule)
        for source in sources
        for number, rule in enumerate(source.rows("rules", DeadlineRule), 1)
    ]
    for source, number, rule in found:
        try:
            refuse(rule)
        except Refused as refused:
            raise source.refused("rules", number, refused.refusal, refused.field) from refused
    refuse_overlaps([(source, "rules", number, rule.id, rule) for source, number, rule in found])
    return tuple(rule for _, _, rule in found)


def laid_over(below: Sequence[DeadlineRule], above: Sequence[DeadlineRule], source: Source) -> tuple[DeadlineRule, ...]:
    """The rules below, each cut where a version of its rule above is in force."""
    for number, rule in enumerate(above, start=1):
        for earlier in below:
            if earlier.id == rule.id and earlier.version == rule.version:
                raise source.refused("rules", number, _same_version(rule), "version")
            if earlier.id == rule.id and earlier.overlaps(rule) and earlier.kind == "law" and rule.kind != "law":
                raise source.refused("rules", number, _no_longer_law(rule), "kind")
    kept = list(below)
    for rule in above:
        kept = [part for earlier in kept for part in (_cut(earlier, rule) if earlier.id == rule.id else (earlier,))]
    return (*kept, *above)


def _cut(earlier: DeadlineRule, rule: DeadlineRule) -> tuple[DeadlineRule, ...]:
    """What is left of a version before and after the time of another."""
    if not earlier.overlaps(rule):
        return (earlier,)
    parts = []
    if earlier.valid_from < rule.valid_from:
        parts.append(earlier.model_copy(update={"valid_to": rule.valid_from - timedelta(days=1)}))
    if rule.valid_to is not None and not (earlier.valid_to is not None and earlier.valid_to <= rule.valid_to):
        parts.append(earlier.model_copy(update={"valid_from": rule.valid_to + timedelta(days=1)}))
    return tuple(parts)


def days_of(
    source: Source,
) -> tuple[dict[date, dict[Language, str]], Mapping[str, dict[date, dict[Language, str]]]]:
    """The days off for all, and the closing days by institution."""
    declared: dict[date, dict[Language, str]] = {}
    for number, day in enumerate(source.rows("days_off", _DayOff), start=1):
        known = declared.get(day.date) or calendar().holiday(day.date)
        if known is not None:
            raise source.refused("days_off", number, _known_day(day.date, known), "date")
        declared[day.date] = day.wording
    closing: dict[str, dict[date, dict[Language, str]]] = {}
    for number, closed in enumerate(source.rows("closing_days", _ClosingDay), start=1):
        of = closing.setdefault(closed.institution, {})
        if closed.date in of:
            raise source.refused("closing_days", number, _known_day(closed.date, of[closed.date]), "date")
        of[closed.date] = closed.wording
    return declared, closing


def lengths_of(source: Source, rules: Sequence[DeadlineRule], below: Sequence[LocalLength]) -> tuple[LocalLength, ...]:
    found = source.rows("lengths", LocalLength)
    for number, local in enumerate(found, start=1):
        versions = [rule for rule in rules if rule.id == local.rule]
        if not versions:
            raise source.refused("lengths", number, _unknown_rule(local.rule, rules), "rule")
        for rule in versions:
            if not rule.overlaps(local):
                continue
            field, refusal = _not_allowed(rule, local)
            if refusal is not None:
                raise source.refused("lengths", number, refusal, field)
    named = [(source, "lengths", number, _name(local), local) for number, local in enumerate(found, start=1)]
    refuse_overlaps(named)
    for number, local in enumerate(found, start=1):
        for earlier in below:
            if _name(earlier) == _name(local) and earlier.overlaps(local):
                raise source.refused("lengths", number, _given_before(local), "rule")
    return found


def _name(local: LocalLength) -> str:
    return f"{local.rule} / {local.institution or '*'}"


def _not_allowed(rule: DeadlineRule, local: LocalLength) -> tuple[str, Refusal | None]:
    if rule.overriding == "none":
        return "rule", Refusal(
            {"pl": f"Termin {rule.id} wynika z ustawy.", "en": f"The term {rule.id} is law."},
            {"pl": "Usuń ten wiersz: nie można go zmienić.", "en": "Remove this row: it cannot be changed."},
        )
    if set(local.length) != set(rule.length):
        return "length", Refusal(
            {"pl": "Brakuje długości.", "en": "A length is missing."},
            {"pl": "Podaj ją dla normal i urgent.", "en": "Give it for normal and urgent."},
        )
    for urgency, length in local.length.items():
        refusal = bad_length(rule, length)
        if refusal is None and rule.overriding == "shorter" and not shorter_or_equal(length, rule.length[urgency]):
            own = rule.length[urgency].text
            refusal = Refusal(
                {"pl": f"Termin {rule.id} można tylko skrócić.", "en": f"The term {rule.id} may only be shortened."},
                {
                    "pl": f"Podaj najwyżej {own}, w tych samych jednostkach.",
                    "en": f"Give {own} at most, in the same units.",
                },
            )
        if refusal is not None:
            return "length", refusal
    return "length", None


def _unknown_rule(rule_id: str, rules: Sequence[DeadlineRule]) -> Refusal:
    names = sorted({rule.id for rule in rules})
    alike = get_close_matches(rule_id, names, n=3) or names
    return Refusal(
        {"pl": f"Nie ma reguły {rule_id}.", "en": f"There is no rule {rule_id}."},
        {"pl": f"Wybierz jedną z: {', '.join(alike)}.", "en": f"Choose one of: {', '.join(alike)}."},
    )


def _same_version(rule: DeadlineRule) -> Refusal:
    return Refusal(
        {
            "pl": f"Reguła {rule.id} ma już wersję {rule.version}.",
            "en": f"The rule {rule.id} has a version {rule.version} already.",
        },
        {"pl": "Nadaj tej wersji inną nazwę.", "en": "Give this version another name."},
    )


def _no_longer_law(rule: DeadlineRule) -> Refusal:
    return Refusal(
        {
            "pl": f"Termin {rule.id} wynika z ustawy, a ta wersja robi z niego co innego.",
            "en": f"The term {rule.id} is law, and this version makes it something else.",
        },
        {
            "pl": 'Jeśli zmieniła się ustawa, napisz kind = "law" i podaj ją w basis.',
            "en": 'If the act has changed, write kind = "law" and name it in the basis.',
        },
    )


def _known_day(day: date, why: Mapping[Language, str]) -> Refusal:
    return Refusal(
        {"pl": f"{day} jest już dniem wolnym ({why['pl']}).", "en": f"{day} is a day off already ({why['en']})."},
        {"pl": "Usuń ten wiersz.", "en": "Remove this row."},
    )


def _given_before(local: LocalLength) -> Refusal:
    return Refusal(
        {
            "pl": f"{_name(local)} ma już długość na ten czas.",
            "en": f"{_name(local)} has a length for this time already.",
        },
        {"pl": "Zakończ wcześniejszą (valid_to).", "en": "End the earlier one (valid_to)."},
    )
