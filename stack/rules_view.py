"""Rules and moved deadlines in a terminal."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Column, Table

from rules.calendar import day_text, local_time
from rules.derivation import length_text
from rules.lengths import Length
from rules.rule import DeadlineRule
from workflows.preview import MovedDeadline

_KINDS = {"law": "prawo", "practice": "praktyka", "service_level": "poziom usług"}


def rules_table(rules: Sequence[DeadlineRule]) -> RenderableType:
    """The rules with length, dates and basis."""
    shown = Table("Reguła", "Rodzaj", "Długość", "Od", "Do", "Podstawa")
    for rule in rules:
        shown.add_row(
            f"{escape(rule.wording['pl'])}\n[dim]{rule.id} {escape(rule.version)}[/]",
            _KINDS[rule.kind],
            _lengths(rule),
            str(rule.valid_from),
            str(rule.valid_to or ""),
            escape(rule.basis["pl"]),
        )
    return shown


def _lengths(rule: DeadlineRule) -> str:
    normal, urgent = (_words(rule.length[urgency]) for urgency in ("normal", "urgent"))
    return normal if normal == urgent else f"{normal}\npilne: {urgent}"


def _words(length: Length) -> str:
    return escape(length_text(length)["pl"])


def moved_list(found: Sequence[MovedDeadline], rows: int) -> RenderableType:
    """How many move by rule and institution, and the first of them one by one."""
    if not found:
        return "Żaden termin się nie przesuwa."
    counts = Table("Reguła", "Instytucja", Column("Terminów", justify="right"))
    for (rule, owner), count in sorted(Counter((each.rule, each.owner) for each in found).items()):
        counts.add_row(rule, owner, str(count))
    left = len(found) - rows
    rest = f"… i jeszcze {left}. Wszystkie: --rows {len(found)} albo --json." if left > 0 else ""
    return Group(counts, moved_table(found[:rows]), rest)


def moved_table(found: Sequence[MovedDeadline]) -> RenderableType:
    """Moved deadlines one by one: was, becomes, why."""
    shown = Table("Reguła", Column("Był → jest", no_wrap=True), "Dlaczego, którego skierowania", show_lines=True)
    for each in found:
        dates = f"{_day(each.was)} →\n{_day(each.becomes)}"
        shown.add_row(
            f"{each.rule}\n[dim]{each.owner}[/]", dates, f"{escape(each.why['pl'])}\n[dim]{each.referral_id}[/]"
        )
    return shown


def _day(instant: Any) -> str:
    local = local_time(instant)
    text = day_text(local.date())["pl"]
    return text if (local.hour, local.minute) == (23, 59) else f"{text} {local:%H:%M}"


def document(version: str, found: Sequence[MovedDeadline], **more: object) -> dict[str, Any]:
    """The same for programs."""
    counts = Counter((each.rule, each.owner) for each in found)
    return {
        "rules": version,
        **more,
        "moved": len(found),
        "by": [{"rule": rule, "owner": owner, "moved": count} for (rule, owner), count in sorted(counts.items())],
        "items": [each.model_dump(mode="json") for each in found],
    }
