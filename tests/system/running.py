"""The whole system as a user runs it: `sciezka up` in a process of its own, seen from outside only."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from tests.ports import neighbours

READY_SECONDS = 90.0


@dataclass
class Running:
    """A running `sciezka up`."""

    data: Path
    port: int
    process: asyncio.subprocess.Process

    @property
    def record(self) -> dict[str, Any]:
        """What `<data>/stack.json` says now."""
        record: dict[str, Any] = json.loads((self.data / "stack.json").read_text())
        return record

    @property
    def credentials(self) -> dict[str, dict[str, Any]]:
        credentials: dict[str, dict[str, Any]] = json.loads((self.data / "credentials.json").read_text())
        return credentials

    def pid(self, part: str) -> int:
        return next(int(entry["pid"]) for entry in self.record["parts"] if entry["name"] == part)

    async def kill(self, part: str) -> None:
        """SIGKILL a part and wait until the supervisor has it running again under another pid."""
        before = self.pid(part)
        os.kill(before, signal.SIGKILL)
        async with asyncio.timeout(READY_SECONDS):
            while self.pid(part) == before:
                await asyncio.sleep(0.1)

    async def ready(self) -> None:
        """Wait until every node says it is ready. Raises TimeoutError."""
        async with asyncio.timeout(READY_SECONDS), httpx2.AsyncClient(timeout=5) as http:
            for port in range(self.port, self.port + 5):
                while not await _answers(http, f"http://127.0.0.1:{port}/ready"):
                    assert self.process.returncode is None, await self.said()
                    await asyncio.sleep(0.1)

    async def said(self) -> str:
        """Everything the command printed, once it has ended."""
        output, _ = await self.process.communicate()
        return output.decode()

    async def end(self) -> int:
        """Ctrl-C; the exit code."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
        await self.process.communicate()
        code = self.process.returncode
        assert code is not None
        return code


async def _answers(http: httpx2.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(url)).status_code == 200
    except httpx2.HTTPError:
        return False


async def start(data: Path, port: int, *options: str) -> Running:
    """`python -m stack up` on this data folder."""
    given = {name: value for name, value in os.environ.items() if name not in _OWN}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "stack", "up", "--data", str(data), "--port", str(port), *options,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, env=given,
    )  # fmt: skip
    return Running(data, port, process)


_OWN = {"NATS_URL", "TEMPORAL_ADDRESS", "DATABASE_URL", "SCIEZKA_DATA", "SCIEZKA_TRAINING"}


@asynccontextmanager
async def running(data: Path, *options: str) -> AsyncIterator[Running]:
    """The system, ready; ended by Ctrl-C afterwards."""
    system = await start(data, neighbours(), *options)
    try:
        await system.ready()
        yield system
    finally:
        await system.end()
