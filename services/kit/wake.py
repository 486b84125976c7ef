"""Waking up: one LISTEN connection a process turns PostgreSQL's NOTIFY into asyncio events.

A notification may be lost (connection down), so whoever waits also polls: `Bell.wait` returns after a while anyway.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import asyncpg
import structlog
from asyncpg.exceptions import InterfaceError, InternalClientError, PostgresError
from sqlalchemy import URL

log = structlog.get_logger()
_RECONNECT_SECONDS = 1.0


class Bell:
    """Rings at least once after each notification, and at once for a notification that came while nobody waited."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self, *_: object) -> None:
        self._rung.set()

    async def wait(self, at_most: float) -> None:
        """Return when rung, or after `at_most` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(at_most):  # wait_for of Python 3.11 may swallow a cancellation when it rings
                await self._rung.wait()
        self._rung.clear()


class Listener:
    """The one LISTEN connection of a process."""

    def __init__(self, url: URL) -> None:
        self._dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._bells: dict[str, list[Bell]] = defaultdict(list)
        self._hearers: dict[str, Callable[[str], None]] = {}

    def bell(self, channel: str) -> Bell:
        """A bell for this channel. To be asked for before `run`."""
        bell = Bell()
        self._bells[channel].append(bell)
        return bell

    def hear(self, channel: str, heard: Callable[[str], None]) -> None:
        """Have `heard` called with what each notification says; with nothing after a lost connection, when anything may
        have been said. To be asked for before `run`."""
        self._hearers[channel] = heard

    async def run(self) -> None:
        """Listen for ever; after a lost connection connect again and ring every bell."""
        while True:
            try:
                await self._listen()
            except (OSError, PostgresError, InterfaceError, InternalClientError) as error:  # last: ended amid a reply
                log.warning("listen_connection_lost", cause=type(error).__name__)
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _listen(self) -> None:
        connection: Any = await asyncpg.connect(self._dsn)
        closed = asyncio.Event()
        connection.add_termination_listener(lambda _: closed.set())
        try:
            for channel, bells in self._bells.items():
                for bell in bells:
                    await connection.add_listener(channel, bell.ring)
                    bell.ring()
            for channel, heard in self._hearers.items():
                await connection.add_listener(channel, lambda *said, heard=heard: heard(said[-1]))
                heard("")
            await closed.wait()
        finally:
            connection.terminate()
