"""`sciezka up` in a process of its own: started, asked, killed and ended from outside only."""

import asyncio
import os
import re
import signal
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2

from stack.processes import is_alive
from stack.record import StackRecord, read

READY_SECONDS = 180.0
KILLED = re.compile(r"(\w+): koniec procesu \(sygnał 9\)")
_OWN = {"NATS_URL", "TEMPORAL_ADDRESS", "DATABASE_URL", "SCIEZKA_DATA", "SCIEZKA_TRAINING", "SCIEZKA_CRASH"}


@dataclass
class Running:
    """A running `sciezka up`; `log` is what it prints."""

    data: Path
    port: int
    process: asyncio.subprocess.Process
    log: Path

    @property
    def record(self) -> StackRecord:
        record = read(self.data)
        assert record is not None
        return record

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def pid(self, part: str) -> int:
        return next(entry.pid for entry in self.record.parts if entry.name == part)

    def killed(self) -> Counter[str]:
        """How often each part ended by SIGKILL, as its supervisor saw it (exit code -9)."""
        return Counter(KILLED.findall(self.said))

    async def kill(self, part: str) -> None:
        """SIGKILL a part and wait until the supervisor has it running again under another pid."""
        before = self.pid(part)
        os.kill(before, signal.SIGKILL)
        async with asyncio.timeout(READY_SECONDS):
            while self.pid(part) == before or not all(is_alive(entry.process) for entry in self.record.parts):
                await asyncio.sleep(0.1)

    async def ready(self) -> None:
        """Wait until every node says it is ready. Raises TimeoutError."""
        async with asyncio.timeout(READY_SECONDS), httpx2.AsyncClient(timeout=5) as http:
            for port in range(self.port, self.port + 5):
                while not await is_ready(http, port):
                    assert self.process.returncode is None, self.said
                    await asyncio.sleep(0.1)

    async def end(self) -> int:
        """Ctrl-C; the exit code."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
        return await self.process.wait()


async def is_ready(http: httpx2.AsyncClient, port: int) -> bool:
    """Whether a node is there and says that it is ready."""
    try:
        return (await http.get(f"http://127.0.0.1:{port}/ready")).status_code == 200
    except httpx2.HTTPError:
        return False


async def start(
    data: Path, port: int, *, environment: Mapping[str, str] | None = None, inside: Sequence[str] = ()
) -> Running:
    """`sciezka up --empty` on this data folder; `inside` is put before the command."""
    given = {name: value for name, value in os.environ.items() if name not in _OWN} | dict(environment or {})
    log = data / "up.log"
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *inside, sys.executable, "-m", "stack", "up", "--data", str(data), "--port", str(port), "--empty",
            stdout=output, stderr=output, env=given,
        )  # fmt: skip
    return Running(data, port, process, log)
