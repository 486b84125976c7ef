"""A TCP proxy between the nodes and the broker that knows who is who, so that the line of one node can be cut.

What is written into a cut line waits and arrives when it is mended, as in a network that drops and sends again; a new
connection gets no answer meanwhile.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from stack.ports import LOOPBACK

ASKING, ANSWERING = "asking", "answering"
"""The two directions: what a node writes to the broker, and what the broker writes to a node."""

_CHUNK = 65_536


@dataclass
class _Line:
    """One node's line: which directions are open, and the connections on it."""

    open: dict[str, asyncio.Event]
    writers: set[asyncio.StreamWriter] = field(default_factory=set)


def _line() -> _Line:
    line = _Line({ASKING: asyncio.Event(), ANSWERING: asyncio.Event()})
    for direction in line.open.values():
        direction.set()
    return line


class Proxy:
    """Listens on `host` and `port` and passes everything on to the port `upstream` of this machine."""

    def __init__(self, port: int, upstream: int, host: str = LOOPBACK) -> None:
        self.url = f"nats://{host}:{port}"
        self._address = host, port
        self._upstream = upstream
        self._lines: dict[str, _Line] = defaultdict(_line)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, *self._address)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def cut(self, node: str, *directions: str) -> None:
        """From now on nothing gets through on this node's line in these directions."""
        for direction in directions:
            self._lines[node].open[direction].clear()

    def mend(self, node: str) -> None:
        """The line is whole again: what waited goes on."""
        for direction in self._lines[node].open.values():
            direction.set()

    def break_off(self, node: str) -> None:
        """Reset every connection of this node."""
        for writer in self._lines[node].writers:
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._connect(reader, writer)
        finally:
            writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The broker speaks first; what the client says then names the node."""
        broker_reader, broker_writer = await asyncio.open_connection(LOOPBACK, self._upstream)
        try:
            writer.write(await broker_reader.readuntil(b"\r\n"))
            hello = await reader.readuntil(b"\r\n")
            line = self._lines[json.loads(hello.removeprefix(b"CONNECT "))["user"]]
            line.writers |= {writer, broker_writer}
            try:
                await line.open[ASKING].wait()
                broker_writer.write(hello)
                await _first_of(
                    _pass(reader, broker_writer, line.open[ASKING]), _pass(broker_reader, writer, line.open[ANSWERING])
                )
            finally:
                line.writers -= {writer, broker_writer}
        finally:
            broker_writer.transport.abort()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_open: asyncio.Event) -> None:
    with suppress(OSError):
        while chunk := await reader.read(_CHUNK):
            await is_open.wait()
            writer.write(chunk)
            await writer.drain()


async def _first_of(*directions: Coroutine[Any, Any, None]) -> None:
    """Until one side has hung up."""
    tasks = [asyncio.create_task(direction) for direction in directions]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
