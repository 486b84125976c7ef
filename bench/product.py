"""The product over its public interface: from the sender's POST to the row at the receiver."""

import asyncio
import random
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import asyncpg
import httpx2

from bench.measure import Latency
from bench.raw import paced, throughput
from contracts.directory import Directory
from stack.sample import body

DAY = date(2026, 6, 1)
SENDER, RECEIVER = "ops-poraj", "pup-myszkow"
"""A service referral: as many as one likes for different people."""


@dataclass
class Product:
    """Clients of one sending institution, and a look into the receiver's database."""

    http: httpx2.AsyncClient
    url: str
    token: str
    directory: Directory
    receiver: asyncpg.Pool
    chance: random.Random = field(default_factory=lambda: random.Random(20260601))
    begun: dict[str, datetime] = field(default_factory=dict)

    async def submit(self) -> str:
        """One referral sent; returns its id. Raises httpx2.HTTPStatusError."""
        content = body(self.directory, SENDER, RECEIVER, DAY, self.chance)
        begun = datetime.now(UTC)
        answer = await self.http.post(
            f"{self.url}/api/v1/referrals", json=content, headers={"Authorization": f"Bearer {self.token}"}
        )
        if answer.status_code == 409:  # chance made the same person twice
            return await self.submit()
        answer.raise_for_status()
        identity: str = answer.json()["id"]
        self.begun[identity] = begun
        return identity

    async def delivered(self) -> dict[str, float]:
        """Seconds from POST to the receiver's transaction, by id, once all that were sent have arrived."""
        while True:
            rows = await self.receiver.fetch("select id::text, delivered_at from referral.referral")
            seconds = {
                row["id"]: (row["delivered_at"] - self.begun[row["id"]]).total_seconds()
                for row in rows
                if row["id"] in self.begun
            }
            if len(seconds) == len(self.begun):
                return seconds
            await asyncio.sleep(0.05)


async def measure_handoffs(product: Product, *, clients: int, count: int) -> float:
    """Referrals a second from the first POST until the last one is stored at its receiver."""
    begun = time.perf_counter()
    await throughput(product.submit, clients, count)
    await product.delivered()
    return count / (time.perf_counter() - begun)


async def measure_latency(product: Product, *, per_second: int, count: int) -> Latency:
    """From POST to stored at the receiver, at a quiet rate."""
    identities = await paced(product.submit, per_second, count)
    seconds = await product.delivered()
    return Latency.of([seconds[identity] for identity in identities])


async def settled(path: asyncpg.Pool) -> None:
    """Return when the path node has brought all facts to their workflows and told of all paths."""
    while await path.fetchval(
        "select exists (select from path.wake where sent_at is null) or exists (select from path.untold)"
        " or exists (select from path.outbox where sent_at is null)"
    ):
        await asyncio.sleep(0.1)
