"""The system under test with everything around it: clients, their history, the broker behind the proxy, the judge."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx2
from asyncpg.exceptions import InterfaceError, PostgresError

from chaos.agreed import SETTLED
from chaos.checker import check
from chaos.client import Institution
from chaos.history import History
from chaos.look import look
from chaos.netns import Network
from chaos.proxy import Proxy
from chaos.road import look_at_road, node_url
from chaos.running import Running
from chaos.servers import Nats, Postgres
from chaos.violation import Broken
from chaos.workload import ROUTES, Route, Workload
from contracts.subjects import PATH_NODE
from stack.institutions import ensure_directory

SEED = 20260601
WORK_SECONDS = 180.0
REST_SECONDS = 60.0
"""I10: how long after the healing everything may take to be at rest."""


@dataclass
class System:
    """A running system. The servers are there when the harness runs them, `cable` when the system is apart.

    `held` are the events that a fault leaves waiting on purpose, and the alarms it is meant to raise.
    """

    data: Path
    running: Running
    http: httpx2.AsyncClient
    history: History
    nats: Nats | None
    proxy: Proxy | None
    postgres: Postgres | None
    cable: Network | None
    _number: int = 0

    def __post_init__(self) -> None:
        self.held: set[str] = set()
        self._begun: list[asyncio.Task[list[str]]] = []
        credentials = json.loads((self.data / "credentials.json").read_text(encoding="utf-8"))
        self.directory = ensure_directory(self.data)
        self.institutions = {
            slug: Institution(slug, entry["url"], entry["token"], self.http, self.history)
            for slug, entry in credentials.items()
        }

    @property
    def broker(self) -> Nats:
        assert self.nats is not None
        return self.nats

    @property
    def line(self) -> Proxy:
        assert self.proxy is not None
        return self.proxy

    @property
    def nodes(self) -> tuple[str, ...]:
        return (*self.directory.nodes, PATH_NODE)

    async def work(self, count: int, *, seconds: float = 0.0, routes: Sequence[Route] = ROUTES) -> list[str]:
        """So many more referrals from submission to end; see `Workload.run`."""
        first, self._number = self._number, self._number + count
        return await self.workload.run(count, seconds=seconds, first=first, routes=routes)

    def begin(self, count: int, *, seconds: float = 0.0) -> "asyncio.Task[list[str]]":
        """The same beside what the caller does; for `judge_after`."""
        task = asyncio.create_task(self.work(count, seconds=seconds))
        self._begun.append(task)
        return task

    async def give_up(self) -> None:
        """End what was begun and is still going on."""
        for task in self._begun:
            task.cancel()
        await asyncio.gather(*self._begun, return_exceptions=True)

    async def submit(self, sender: str, receiver: str) -> str:
        """One more referral, sent and left alone; its id."""
        self._number += 1
        return await self.workload.submit(self._number - 1, sender, receiver)

    @property
    def workload(self) -> Workload:
        return Workload(self.institutions, self.directory, SEED)

    async def judge(self, *, within: float = REST_SECONDS, many: bool = False) -> float:
        """Wait until everything is at rest and every invariant holds; seconds until then. `many` as in `look`.

        Raises Broken with what does not hold at the end of `within` seconds.
        """
        begun = time.monotonic()
        while True:
            is_over = time.monotonic() > begun + within
            if is_over or await self.is_at_rest():
                # What rests may start again: the answer to a letter is another letter. So broken is what stays so.
                final = await look(self.database_url, self.nodes, self.institutions, many=many)
                violations = check(self.history.entries, final, held=self.held)
                if not violations:
                    return time.monotonic() - begun
                if is_over:
                    raise Broken(violations)
            await asyncio.sleep(max(0.25, (time.monotonic() - begun) / 20))  # looking costs the system something too

    async def judge_after(self, work: "asyncio.Task[list[str]]") -> float:
        """The same once this work is done; the seconds count from now on. Raises Broken."""
        begun = time.monotonic()
        async with asyncio.timeout(WORK_SECONDS):
            await work
        await self.judge()
        return time.monotonic() - begun

    async def is_at_rest(self) -> bool:
        """Whether every letter has arrived and none waits; False also while the database does not answer."""
        try:
            road = await look_at_road(self.database_url, self.nodes)
        except (OSError, PostgresError, InterfaceError):
            return False
        settled = {(row.id, row.node) for row in road.taken if row.state in SETTLED or row.id in self.held} | road.dead
        return all(
            letter.is_sent and ((letter.id, letter.target) in settled or letter.id in self.held)
            for letter in road.letters
        )

    async def alarms(self) -> set[str]:
        """What the links complain of."""
        return set((await look_at_road(self.database_url, self.nodes)).alarms)

    @property
    def database_url(self) -> str:
        return self.running.record.database_url

    async def sql(self, node: str, query: str, *values: object) -> list[asyncpg.Record]:
        """Ask a node's database, as its administrator."""
        async with self._database(node) as connection:
            rows: list[asyncpg.Record] = await connection.fetch(query, *values)
            return rows

    async def change(self, node: str, script: str) -> None:
        """Run statements in a node's database, as its administrator."""
        async with self._database(node) as connection:
            await connection.execute(script)

    @asynccontextmanager
    async def _database(self, node: str) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(node_url(self.database_url, node))
        try:
            yield connection
        finally:
            await connection.close()
