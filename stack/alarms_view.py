"""Alarms of links in a terminal."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Column, Table

from stack.alarms import Alarm


def table(alarms: Sequence[Alarm]) -> RenderableType:
    """The list."""
    if not alarms:
        return "Żaden alarm nie czeka."
    shown = Table(Column("Alarm", no_wrap=True), "Co się stało i co zrobić", "Stan", show_lines=True)
    for each in alarms:
        shown.add_row(escape(each.id), escape(f"{each.sentence}\n{each.remedy}"), escape(_state(each)))
    return shown


def _state(each: Alarm) -> str:
    raised = f"od {each.since:%Y-%m-%d %H:%M}, razy: {each.count}"
    if each.settled_at is None:
        return raised
    return f"{raised}\nzałatwione {each.settled_at:%Y-%m-%d %H:%M}, {each.settled_by}: {each.reason}"
