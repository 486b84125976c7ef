"""Nodes and broker cannot reach each other, or only in one direction."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chaos.faults.fault import OWN_NATS, Fault
from chaos.netns import is_possible
from chaos.proxy import ANSWERING, ASKING
from chaos.start import system
from chaos.system import System
from chaos.workload import ROUTES

APART_SECONDS = 240.0
"""Stands for eight hours: longer than every patience and pause in the code."""

ONE_WAY_SECONDS = 60.0
ONE_NODE_SECONDS = 30.0
_WITHOUT_OPS = [route for route in ROUTES if not any(end.startswith("ops-") for end in route)]


@asynccontextmanager
async def apart() -> AsyncIterator[System]:
    """The system in a network of its own where this machine allows one, otherwise behind the proxy."""
    async with system(apart=True) if is_possible() else OWN_NATS() as running:
        yield running


async def cut_off(running: System, seconds: float = APART_SECONDS) -> float:
    """F40: all nodes are cut off: people work on, what they see is true, and all arrives in order afterwards."""
    await running.work(6)
    work = running.begin(9, seconds=2)
    await asyncio.sleep(1)
    _cut(running, ASKING, ANSWERING)
    waiting = [await running.submit("ops-poraj", "pup-myszkow") for _ in range(5)]
    await asyncio.sleep(seconds)
    views = [await running.institutions["ops-poraj"].show(referral) for referral in waiting]
    assert {view and view["status"] for view in views} == {"submitted"}
    _mend(running)
    return await running.judge_after(work)


async def one_way(running: System, seconds: float = ONE_WAY_SECONDS) -> float:
    """F41: what the nodes say arrives, what they are answered does not: they say it again, and it counts once."""
    await running.work(6)
    work = running.begin(9, seconds=2)
    await asyncio.sleep(1)
    _cut(running, ANSWERING)
    await asyncio.sleep(seconds)
    _mend(running)
    return await running.judge_after(work)


async def one_node(running: System) -> float:
    """F40 for one node: the others do not notice."""
    running.line.cut("ops", ASKING, ANSWERING)
    waiting = await running.submit("ops-poraj", "pup-myszkow")
    await running.work(6, routes=_WITHOUT_OPS)
    await asyncio.sleep(ONE_NODE_SECONDS)
    view = await running.institutions["ops-poraj"].show(waiting)
    assert view is not None
    assert view["status"] == "submitted"
    running.line.mend("ops")
    return await running.judge()


async def one_node_one_way(running: System) -> float:
    """F41 for one node, and its connections are reset in between."""
    work = running.begin(9, seconds=2)
    await asyncio.sleep(1)
    running.line.cut("ops", ANSWERING)
    await asyncio.sleep(ONE_NODE_SECONDS / 2)
    running.line.break_off("ops")
    await asyncio.sleep(ONE_NODE_SECONDS / 2)
    running.line.mend("ops")
    return await running.judge_after(work)


def _cut(running: System, *directions: str) -> None:
    if running.cable is None:
        for node in running.nodes:
            running.line.cut(node, *directions)
    elif directions == (ANSWERING,):
        running.cable.cut_answers()
    else:
        running.cable.cut()


def _mend(running: System) -> None:
    if running.cable is not None:
        running.cable.mend()
    for node in running.nodes:
        running.line.mend(node)


FAULTS = (
    Fault("F40", f"all nodes cut off from the broker for {APART_SECONDS:.0f} s", apart, cut_off, long=True),
    Fault("F40, one node", "one node cut off, the others not", OWN_NATS, one_node),
    Fault("F41", f"the broker's answers dropped for {ONE_WAY_SECONDS:.0f} s", apart, one_way, long=True),
    Fault("F41, one node", "the answers to one node held back, its connections reset", OWN_NATS, one_node_one_way),
)
