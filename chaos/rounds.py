"""Running faults: those that want the same kind of system one after the other on one, the long ones beside them."""

import asyncio
import sys
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack

from chaos.faults.fault import Fault, Start
from chaos.keep import keep
from chaos.report import Result
from chaos.system import System
from chaos.violation import Broken

_LONG_AT_ONCE = 3
_PATIENCE_SECONDS = {False: 300.0, True: 1200.0}
"""For one fault, quick or long."""


class Rounds:
    """The results so far; a system is started only when no other one is starting."""

    def __init__(self) -> None:
        self.results: list[Result] = []
        self._starting = asyncio.Lock()
        self._long = asyncio.Semaphore(_LONG_AT_ONCE)

    async def run(self, faults: Sequence[Fault]) -> None:
        """All of them. What goes wrong is told and kept, and the others go on."""
        beside = [asyncio.create_task(self._apart(fault)) for fault in faults if fault.long]
        alike: dict[Start, list[Fault]] = defaultdict(list)
        for fault in faults:
            if not fault.long:
                alike[fault.start].append(fault)
        for group in alike.values():
            await self._together(group)
        await asyncio.gather(*beside)

    async def _apart(self, fault: Fault) -> None:
        async with self._long:
            await self._together([fault])

    async def _together(self, faults: Iterable[Fault]) -> None:
        """On one system as long as it stays whole: after a fault that did not pass, the next has a fresh one."""
        waiting = deque(faults)
        while waiting:
            async with AsyncExitStack() as stack:
                try:
                    system = await self._started(stack, waiting[0].start)
                except Exception as error:
                    self._failed(waiting.popleft(), 0.0, error)
                    continue
                while waiting and await self._passes(waiting.popleft(), system):
                    pass

    async def _started(self, stack: AsyncExitStack, start: Start) -> System:
        async with self._starting:
            return await stack.enter_async_context(start())

    async def _passes(self, fault: Fault, system: System) -> bool:
        begun = time.monotonic()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS[fault.long]):
                recovery = await fault.disturb(system)
        except Exception as error:
            self._failed(fault, time.monotonic() - begun, error)
            say(f"{fault.id}: its logs are in {keep(system, fault.id)}")
            return False
        seconds = time.monotonic() - begun
        say(f"{fault.id}: held, at rest after {recovery:.1f} s ({seconds:.0f} s in all)")
        self.results.append(Result(fault.id, seconds, recovery))
        return True

    def _failed(self, fault: Fault, seconds: float, error: Exception) -> None:
        if isinstance(error, Broken):
            broken = tuple(sorted({violation.invariant for violation in error.violations}))
            self.results.append(Result(fault.id, seconds, None, broken))
        else:
            self.results.append(Result(fault.id, seconds, None, failure=type(error).__name__))
        say(f"{fault.id}: {type(error).__name__}: {error}")


def say(what: str) -> None:
    """Told while the run goes on, beside the table that it ends with."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)
