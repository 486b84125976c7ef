"""The tasks that are counted, what each may cost at most, and the table of docs/ux.md that shows what they cost.

`make ux` writes the table. In any other run a task fails when it costs more than it may, or other than the table says.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from tests.web.effort import Effort
from tests.web.person import Way

TABLE = Path(__file__).parents[2] / "docs" / "ux.md"
HEAD = "| Task | With | Page views | Actions | Keystrokes | Seconds | At most |"


@dataclass(frozen=True)
class Task:
    """`fields` shown, `typed` of them, and what `Effort` counts: at most so many. None is no limit."""

    name: str
    fields: int | None = None
    typed: int | None = None
    pages: int | None = None
    actions: int | None = None
    keystrokes: int | None = None
    seconds: float | None = None

    def exceeded(self, effort: Effort) -> list[str]:
        """What costs more than it may, in words."""
        counted = {"fields": len(effort.shown)} | {
            name: getattr(effort, name) for name in ("typed", "pages", "actions", "keystrokes", "seconds")
        }
        return [
            f"{name}: {counted[name]:.0f}, at most {most}"
            for name in counted
            if (most := getattr(self, name)) is not None and counted[name] > most
        ]

    @property
    def limits(self) -> str:
        named = ("fields", "typed", "pages", "actions", "keystrokes", "seconds")
        told = [f"{most} {name}" for name in named if (most := getattr(self, name)) is not None]
        return ", ".join(told) or "–"


# A referral takes three pages and the receipt, which is a page view more.
TASKS = {
    "U01": Task("refer a known client", fields=12, typed=5, pages=4, keystrokes=90, seconds=60),
    "U02": Task("refer a new client", fields=20, seconds=120),
    "U10 accept": Task("accept from the inbox", actions=2),
    "U10 decline": Task("decline with a reason from the inbox", actions=4),
    "U10 undo": Task("take a decision back"),
    "U44": Task("record an application on paper", seconds=90),
}


def counted(code: str, way: Way, effort: Effort) -> None:
    """Hold a task that was done to its limits and to the table. Raises AssertionError."""
    assert TASKS[code].exceeded(effort) == [], f"{code} with {way}"
    if os.environ.get("WRITE_UX"):
        write(code, way, effort)
    else:
        assert _figures(_row(code, way, effort)) == _figures(_rows().get((code, way), "")), (
            f"{code} with {way}: make ux"
        )


def write(code: str, way: Way, effort: Effort) -> None:
    """Put this row into the table, in the order of TASKS."""
    text = TABLE.read_text(encoding="utf-8")
    rows = _rows() | {(code, way): _row(code, way, effort)}
    order = [row for name in TASKS for kind in ("mouse", "keyboard") if (row := rows.get((name, kind)))]
    begin = text.index(HEAD)
    end = text.find("\n\n", begin)
    rule = "| --- | --- | --- | --- | --- | --- | --- |"
    TABLE.write_text(text[:begin] + "\n".join([HEAD, rule, *order]) + text[end:], encoding="utf-8")


def _row(code: str, way: Way, effort: Effort) -> str:
    figures = (effort.pages, effort.actions, effort.keystrokes, f"{effort.seconds:.0f}")
    cells = (f"{code}: {TASKS[code].name}", way, *figures, TASKS[code].limits)
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _rows() -> dict[tuple[str, str], str]:
    """The rows of the table as they stand, by task and way."""
    table = TABLE.read_text(encoding="utf-8").partition(HEAD)[2].partition("\n\n")[0].splitlines()[2:]
    cells = {row: [cell.strip() for cell in row.split("|")] for row in table}
    return {(parts[1].partition(":")[0], parts[2]): row for row, parts in cells.items()}


def _figures(row: str) -> list[str]:
    """What must not differ: page views, actions and keystrokes."""
    return [cell.strip() for cell in row.split("|")][3:6]
