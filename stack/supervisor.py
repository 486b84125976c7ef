"""Keeps parts running: starts them, asks whether they are ready, starts again what dies, ends them in order."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stack.errors import StackError
from stack.parts import Part, Running, not_started, stop
from stack.voice import seconds

Say = Callable[[str], None]


@dataclass(frozen=True)
class Patience:
    """Seconds: the first and the longest delay before a new start, how long in health until the delay is the first
    again, how long a living part may stay silent, how often a part that was ready is asked."""

    first: float = 0.5
    longest: float = 30.0
    healthy: float = 60.0
    silent: float = 60.0
    between: float = 2.0


ATTEMPTS = 3
"""So many ends before it was ever ready, and a part counts as one that does not start at all."""


def next_delay(patience: Patience, previous: float | None, healthy: float) -> float:
    """How long to wait before the next start, after a life with `healthy` seconds of being ready at its end."""
    if previous is None or healthy >= patience.healthy:
        return patience.first
    return min(previous * 2, patience.longest)


class Keeper:
    """One part's life after life. `first_ready` is done when it is ready for the first time, or fails."""

    def __init__(self, part: Part, patience: Patience, say: Say, started: Callable[[str, int], None]) -> None:
        self.part = part
        self.first_ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._patience = patience
        self._say = say
        self._started = started
        self._process: Running | None = None
        self._ready_since: float | None = None
        self._task = asyncio.create_task(self._keep(), name=part.name)

    @property
    def task(self) -> "asyncio.Task[None]":
        """Never ends but by `stop` or by an error of ours."""
        return self._task

    async def stop(self) -> None:
        """End the part and do not start it again."""
        self._task.cancel()
        await asyncio.wait({self._task})
        self.first_ready.cancel()
        if self._process is not None:
            await stop(self.part, self._process)

    async def _keep(self) -> None:
        try:
            await self._live_again_and_again()
        except Exception as error:
            if self.first_ready.done():
                raise
            self.first_ready.set_exception(error)

    async def _live_again_and_again(self) -> None:
        delay: float | None = None
        for life in itertools.count(1):
            self._ready_since = None
            try:
                reason = await self._live()
            except StackError as error:
                if not self.first_ready.done():
                    raise
                reason = error.sentence
            if life == ATTEMPTS and not self.first_ready.done():
                raise not_started(self.part)
            delay = next_delay(self._patience, delay, self._healthy_seconds())
            self._say(f"{self.part.name}: {reason}; ponowny start za {seconds(delay)}")
            await asyncio.sleep(delay)

    async def _live(self) -> str:
        """One life: start the process and wait for its end or its silence; returns what happened, in Polish."""
        process = self._process = await self.part.start()
        self._started(self.part.name, process.pid)
        ending = asyncio.create_task(process.wait())
        over = asyncio.Event()
        silence = asyncio.create_task(self._until_silent(over))
        try:
            await asyncio.wait({ending, silence}, return_when=asyncio.FIRST_COMPLETED)
            if ending.done():
                return _how_it_ended(ending.result())
            silence.result()
        finally:
            over.set()
            await _end(ending)
            await _end(silence)
        await stop(self.part, process)
        return f"nie odpowiada od {seconds(self._patience.silent)}"

    async def _until_silent(self, over: asyncio.Event) -> None:
        now = asyncio.get_running_loop().time
        answered, was_ready = now(), False
        while not over.is_set() and now() - answered < self._patience.silent:
            if await self.part.ready():
                answered, was_ready = now(), True
                self._is_ready(answered)
            else:
                self._ready_since = None
                if was_ready and self.part.alive is not None and await self.part.alive():
                    answered = now()
            await asyncio.sleep(self._patience.between if was_ready else 0.1)

    def _is_ready(self, at: float) -> None:
        if self._ready_since is None:
            self._ready_since = at
            self._say(f"{self.part.name}: gotowe")
        if not self.first_ready.done():
            self.first_ready.set_result(None)

    def _healthy_seconds(self) -> float:
        return 0.0 if self._ready_since is None else asyncio.get_running_loop().time() - self._ready_since


class Supervisor:
    """Groups of parts: started in order, ended in the reverse order. `started` is told name and pid of every start."""

    def __init__(self, say: Say, started: Callable[[str, int], None], patience: Patience | None = None) -> None:
        self._say = say
        self._started = started
        self._patience = patience or Patience()
        self._groups: list[list[Keeper]] = []

    async def start(self, *parts: Part) -> None:
        """Start these together and wait until all are ready. Raises StackError for the first that does not start."""
        group = [Keeper(part, self._patience, self._say, self._started) for part in parts]
        self._groups.append(group)
        await asyncio.gather(*(keeper.first_ready for keeper in group))

    async def watch(self) -> None:
        """Wait for ever; raises what a keeper raised, which is an error of ours."""
        await asyncio.gather(*(keeper.task for group in self._groups for keeper in group))

    async def stop(self) -> None:
        """End every part, the last group first."""
        while self._groups:
            await asyncio.gather(*(keeper.stop() for keeper in self._groups.pop()))


async def _end(task: "asyncio.Task[Any]") -> None:
    """Cancel the task until it has ended: what it waits for (nats-py's connect does) may swallow a cancellation."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=0.1)


def _how_it_ended(code: int) -> str:
    return f"koniec procesu (sygnał {-code})" if code < 0 else f"koniec procesu (kod {code})"
