"""The supervisor's side of the zygote: the zygote itself and the nodes that it forks, as parts."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from stack import processes
from stack.errors import StackError
from stack.files import log_file, open_log
from stack.parts import GRACE_SECONDS, Part, Running
from stack.probes import http_answers

NAME = "zygote"
_ROOT = Path(__file__).parent.parent
_IMPORT_SECONDS = 60.0
_FORK_SECONDS = 10.0


class ForkedNode:
    """A node process. Its parent is the zygote, which tells when it ends."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended = asyncio.Event()

    async def wait(self) -> int:
        await self._ended.wait()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int, /) -> None:
        """Raises ProcessLookupError."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def ended(self, code: int) -> None:
        self.returncode = code
        self._ended.set()


class Zygote:
    """Makes the parts. There is one zygote at a time; its nodes die with it, and each keeper starts its own again."""

    def __init__(self, data: Path, environment: Mapping[str, str]) -> None:
        self._data = data
        self._environment = {**environment, "PYTHONUNBUFFERED": "1"}  # a log line is there before a kill
        self._orders: asyncio.StreamWriter | None = None
        self._imported = asyncio.Event()
        self._waiting: dict[int, asyncio.Future[ForkedNode]] = {}
        self._nodes: dict[int, ForkedNode] = {}
        self._last_order = 0
        self._reading: asyncio.Task[None] | None = None

    def part(self) -> Part:
        """The zygote itself; it must be started before the nodes."""
        return Part(name=NAME, start=self._start, ready=self._ready, log=log_file(self._data, NAME))

    def node(self, name: str, port: int) -> Part:
        """The node of this name, serving HTTP on this port."""
        log = log_file(self._data, name)
        return Part(
            name=name,
            start=partial(self._fork, name, port, log),
            ready=partial(http_answers, port, "/ready"),
            log=log,
            alive=partial(http_answers, port, "/health"),
        )

    async def _ready(self) -> bool:
        return self._imported.is_set()

    async def _start(self) -> Running:
        if self._reading is not None:
            await self._reading
        errors = open_log(log_file(self._data, NAME))
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "stack.zygote",
                cwd=_ROOT,
                env=self._environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
        finally:
            os.close(errors)
        assert process.stdin is not None
        assert process.stdout is not None
        self._orders = process.stdin
        self._reading = asyncio.create_task(self._read(process.stdout))
        return process

    async def _fork(self, name: str, port: int, log: Path) -> Running:
        try:
            async with asyncio.timeout(_IMPORT_SECONDS):
                await self._imported.wait()
            self._last_order += 1
            answer = self._waiting[self._last_order] = asyncio.get_running_loop().create_future()
            order = {"order": self._last_order, "node": name, "port": port, "log": str(log)}
            assert self._orders is not None
            self._orders.write(json.dumps(order).encode() + b"\n")
            async with asyncio.timeout(_FORK_SECONDS):
                node: ForkedNode = await answer
                return node
        except (TimeoutError, ConnectionError) as error:
            raise StackError(
                f"Nie udało się utworzyć procesu węzła {name}.", f"Przyczyna: {log_file(self._data, NAME)}."
            ) from error

    async def _read(self, answers: asyncio.StreamReader) -> None:
        while line := await answers.readline():
            self._take(json.loads(line))
        self._imported.clear()
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionResetError())
        self._waiting.clear()
        await self._bury()

    def _take(self, message: dict[str, Any]) -> None:
        if not message:
            self._imported.set()
        elif "order" in message:
            node = self._nodes[message["pid"]] = ForkedNode(message["pid"])
            answer = self._waiting.pop(message["order"])
            if answer.cancelled():
                node.send_signal(signal.SIGKILL)
            else:
                answer.set_result(node)
        else:
            self._nodes.pop(message["pid"]).ended(message["code"])

    async def _bury(self) -> None:
        """The zygote is gone: end its nodes for certain, so that new ones find their ports free."""
        orphans = [found for found in map(processes.process, self._nodes) if found is not None]
        for orphan in orphans:
            processes.send(orphan, signal.SIGKILL)
        await asyncio.to_thread(processes.outliving, orphans, GRACE_SECONDS)
        for node in self._nodes.values():
            node.ended(-signal.SIGKILL)
        self._nodes.clear()
