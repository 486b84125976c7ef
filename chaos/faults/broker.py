"""The broker is away, restarts, forgets, or a reader of it stands still."""

import asyncio
import os
import signal
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from chaos.faults.fault import OWN_NATS, Fault
from chaos.faults.load import Load
from chaos.system import System

AWAY_SECONDS = 600.0
RESTARTS = 20
RESUME_SECONDS = 30.0
FROZEN_SECONDS = 60.0
"""Twice the broker's patience with a reader."""

_IDLE_SHARE = 0.2


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
        await running.judge(within=RESUME_SECONDS)
        slowest = max(slowest, time.monotonic() - begun)
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


FAULTS = (
    Fault("F10", f"a node stopped for {FROZEN_SECONDS:.0f} s with work in hand", OWN_NATS, frozen, long=True),
    Fault("F11", f"{RESTARTS} restarts of the broker in a row", OWN_NATS, restarts),
    Fault("F12", f"the broker away for {AWAY_SECONDS:.0f} s", OWN_NATS, away, long=True),
    Fault("F13", "the broker's store deleted while letters are under way", OWN_NATS, forgets),
    Fault("F14", "an old copy of the broker's store put back", OWN_NATS, restored),
)
