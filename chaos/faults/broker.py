"""The broker is away, restarts, forgets, is full, or was set up wrongly."""

import asyncio
import os
import signal
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from chaos.faults.fault import OWN_NATS, Fault
from chaos.faults.load import Load
from chaos.system import System
from contracts.subjects import stream_name
from services.kit.broker import Drift, check_drift

AWAY_SECONDS = 600.0
RESTARTS = 20
RESUME_SECONDS = 30.0
FROZEN_SECONDS = 60.0
"""Twice the broker's patience with a reader."""

_IDLE_SHARE = 0.2
_ENOUGH_FOR_NOTHING = 1_000
"""Bytes of store."""

_A_MONTH = 2_592_000
"""Seconds."""


async def frozen(running: System) -> float:
    """F10: a node stands still with work in its hands, for longer than the broker waits for it, and then goes on."""
    work = running.begin(12, seconds=3)
    await asyncio.sleep(2)
    pid = running.running.pid("cis")
    os.kill(pid, signal.SIGSTOP)
    try:
        await asyncio.sleep(FROZEN_SECONDS)
    finally:
        os.kill(pid, signal.SIGCONT)
    return await running.judge_after(work)


async def restarts(running: System, times: int = RESTARTS) -> float:
    """F11: restarts in a row: reading goes on after each of them."""
    slowest = 0.0
    for _ in range(times):
        await running.broker.restart()
        begun = time.monotonic()
        await running.work(1)
        slowest = max(slowest, await running.judge(within=RESUME_SECONDS) + time.monotonic() - begun)
    assert slowest < RESUME_SECONDS, slowest
    return slowest


async def away(running: System, seconds: float = AWAY_SECONDS) -> float:
    """F12: the broker is away: people go on working, no client of it dies or spins, the backlog drains."""
    await running.work(6)
    await running.broker.stop()
    submitted = [await running.submit("ops-poraj", "pup-myszkow") for _ in range(10)]
    await asyncio.sleep(5)
    load = Load(running.running)
    await asyncio.sleep(seconds)
    load.require_idle(_IDLE_SHARE)
    views = [await running.institutions["ops-poraj"].show(referral) for referral in submitted]
    assert {view and view["status"] for view in views} == {"submitted"}
    await running.broker.start()
    rest = await running.judge()
    assert not running.running.killed()
    return rest


async def forgets(running: System) -> float:
    """F13: everything that the broker stored is deleted while it is down, with letters on the road."""
    await running.work(6)
    work = running.begin(12, seconds=3)
    await asyncio.sleep(1.5)
    await running.broker.kill()
    await running.broker.forget()
    await running.broker.start()
    return await running.judge_after(work)


async def restored(running: System) -> float:
    """F14: an old copy of the broker's store is put back."""
    await running.work(6)
    await running.judge()
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "store"
        await running.broker.stop()
        await running.broker.copy_to(copy)
        await running.broker.start()
        work = running.begin(12, seconds=3)
        await asyncio.sleep(2)
        await running.broker.kill()
        await running.broker.copy_from(copy)
        await running.broker.start()
        return await running.judge_after(work)


async def unsafe(running: System) -> float:
    """F17: the broker's configuration lets it lose what it confirmed: nodes are not ready and say why."""
    running.broker.jetstream_settings = {"sync_interval": None}
    await running.broker.restart()
    async with asyncio.timeout(30):
        while "sync_interval" not in await _unready(running):
            await asyncio.sleep(0.2)
    running.broker.jetstream_settings = {}
    await running.broker.restart()
    await running.running.ready()
    await running.work(3)
    return await running.judge()


async def _unready(running: System) -> str:
    async with httpx2.AsyncClient(timeout=5) as http:
        answer = await http.get(f"http://127.0.0.1:{running.running.port + 1}/ready")
    return answer.text if answer.status_code == 503 else ""


async def full(running: System) -> float:
    """F18: the broker's store is full: letters wait in the outbox, and go when there is room again."""
    await running.work(3)
    await running.judge()
    running.broker.jetstream_settings = {"max_file_store": _ENOUGH_FOR_NOTHING}
    await running.broker.restart()
    referral = await running.submit("ops-poraj", "pup-myszkow")
    await asyncio.sleep(3)
    waiting = await running.sql("ops", "select count(*) from intake.outbox where sent_at is null")
    assert waiting[0]["count"] > 0
    view = await running.institutions["ops-poraj"].show(referral)
    assert view is not None
    assert view["status"] == "submitted"
    running.broker.jetstream_settings = {}
    await running.broker.restart()
    return await running.judge()


async def administered(running: System) -> float:
    """F19: an administrator deletes a stream and a consumer and changes a stream: all is put right, nothing is lost."""
    await running.work(4)
    work = running.begin(9, seconds=3)
    await asyncio.sleep(1)
    async with running.broker.admin() as jetstream:
        await jetstream.delete_stream(stream_name("cis"))
        await jetstream.delete_consumer(stream_name("pup"), "intake")
        config = (await jetstream.stream_info(stream_name("ops"))).config
        await jetstream.update_stream(config.evolve(max_age=_A_MONTH))
        rest = await running.judge_after(work)
        async with asyncio.timeout(30):
            while not await _as_provisioned(jetstream):
                await asyncio.sleep(0.2)
    return rest


async def _as_provisioned(jetstream: JetStreamContext) -> bool:
    try:
        for node in ("cis", "pup", "ops"):
            await check_drift(jetstream, node)
    except (Drift, NotFoundError):
        return False
    return True


FAULTS = (
    Fault("F10", f"a node stopped for {FROZEN_SECONDS:.0f} s with work in hand", OWN_NATS, frozen, long=True),
    Fault("F11", f"{RESTARTS} restarts of the broker in a row", OWN_NATS, restarts),
    Fault("F12", f"the broker away for {AWAY_SECONDS:.0f} s", OWN_NATS, away, long=True),
    Fault("F13", "the broker's store deleted while letters are under way", OWN_NATS, forgets),
    Fault("F14", "an old copy of the broker's store put back", OWN_NATS, restored),
    Fault("F17", "a broker that syncs to disk only now and then", OWN_NATS, unsafe),
    Fault("F18", "a broker without room", OWN_NATS, full),
    Fault("F19", "stream and consumer deleted, stream changed", OWN_NATS, administered),
)
