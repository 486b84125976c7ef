"""A part of the running system: how to start it, how to see that it is ready, where it writes, how to end it."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from stack.errors import StackError
from stack.files import open_log

GRACE_SECONDS = 10.0
"""How long a part may take to end after it was asked to."""


class Running(Protocol):
    """A started process. `asyncio.subprocess.Process` is one."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    async def wait(self) -> int: ...

    def send_signal(self, signal: int, /) -> None: ...


@dataclass(frozen=True)
class Part:
    """`start` may be called again whenever the process has ended; `ready` is asked again and again.

    A part with `alive` is not ended for being unready, only for not being alive: what it needs may be away.
    """

    name: str
    start: Callable[[], Awaitable[Running]] = field(repr=False)  # these two may hold passwords
    ready: Callable[[], Awaitable[bool]] = field(repr=False)
    log: Path
    alive: Callable[[], Awaitable[bool]] | None = field(default=None, repr=False)
    stop_signal: int = signal.SIGTERM


@dataclass(frozen=True)
class Command:
    """What to run, with which environment on top of the bare one, as which account of the operating system, and how far
    it stands back for others when the processor is short."""

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    niceness: int = 0


YIELDING = 5
"""How far what follows paths stands back: a path may be seconds late, a hand-over may not."""


async def launch(command: Command, log: Path) -> Running:
    """Start the command in a session of its own, so that Ctrl-C reaches only the supervisor. Raises StackError."""
    bare = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "TZ": "UTC"}
    try:
        output = open_log(log)
        try:
            return await asyncio.create_subprocess_exec(
                *command.argv,
                env=bare | dict(command.env),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                user=command.user,
                group=command.user,
                extra_groups=() if command.user else None,
                preexec_fn=partial(os.nice, command.niceness) if command.niceness else None,
            )
        finally:
            os.close(output)
    except OSError as error:
        program = Path(command.argv[0]).name
        raise StackError(
            f"Nie udało się uruchomić programu {program}: {os.strerror(error.errno or 0)}.",
            "Sprawdź prawa do plików i ponów: make install.",
        ) from error


def not_started(part: Part) -> StackError:
    """What to tell when a part does not come up."""
    return StackError(f"Część {part.name} nie wstała.", f"Przyczyna jest w pliku {part.log}.")


async def stop(part: Part, process: Running) -> None:
    """Ask the process to end, and end it when it does not within the grace."""
    for attempt in (part.stop_signal, signal.SIGKILL):
        if process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(attempt)
        try:
            async with asyncio.timeout(GRACE_SECONDS):
                await process.wait()
        except TimeoutError:
            continue
