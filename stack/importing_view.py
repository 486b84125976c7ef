"""An import in a terminal: a bar while it runs, a table and what to do next when it is over."""

from pathlib import Path
from types import TracebackType

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from contracts.imports import Import


class Bar:
    """How far an import is."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("Wiersze"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console, transient=True)
        self._task = self._progress.add_task("rows", total=None)

    def __enter__(self) -> "Bar":
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def tell(self, found: Import) -> None:
        self._progress.update(self._task, completed=found.done, total=found.total)


def summary(done: Import, bad_rows: Path | None) -> RenderableType:
    """What came of it."""
    table = Table(show_header=False, box=None, pad_edge=False)
    created = "Zostałoby utworzonych" if done.dry_run else "Utworzono"
    for name, count in ((created, done.created), ("Już były", done.same), ("Do poprawy", done.bad)):
        table.add_row(f"[bold]{name}[/]", str(count))
    parts: list[RenderableType] = [table]
    if done.unknown_columns:
        parts.append(escape(f"Nieznane kolumny (pominięte): {', '.join(done.unknown_columns)}"))
    if bad_rows is not None:
        parts.append(escape(f"Wiersze do poprawy: {bad_rows}. Popraw je i wyślij ten plik tak samo."))
    if done.state == "cancelled":
        parts.append("[yellow]Wczytywanie przerwano; to, co utworzono, zostaje.[/]")
    if done.state == "failed":
        parts.append("[red]Program przerwał wczytywanie; to, co utworzono, zostaje. Wyślij ten sam plik ponownie.[/]")
    return Group(*parts)
