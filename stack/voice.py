"""What `up` says while it works: lines on the terminal, each with the seconds since the start."""

import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

from rich.console import Console
from rich.markup import escape
from rich.status import Status


class _Terminal(Console):
    """A terminal that may go away: the system goes on without it."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Voice:
    """Speaks Polish to the person who started `up`."""

    def __init__(self) -> None:
        self._terminal = _Terminal(highlight=False, soft_wrap=True)
        self._since = time.monotonic()

    def working(self) -> Status:
        """A moving sign that the start goes on, on terminals that can show it."""
        return self._terminal.status("Uruchamianie")

    def say(self, text: str) -> None:
        """One line with the seconds since the start."""
        elapsed = seconds(time.monotonic() - self._since)
        self._print(f"[dim]{elapsed:>8}[/dim]  {escape(text)}")

    def tell(self, lines: Sequence[str]) -> None:
        """Lines as they are."""
        self._print(escape("\n".join(lines)))

    def _print(self, text: str) -> None:
        with suppress(OSError):
            self._terminal.print(text)


def seconds(value: float) -> str:
    """`0,5 s`, as written in Polish."""
    return f"{value:.1f}".replace(".", ",") + " s"
