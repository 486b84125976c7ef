"""The broker is set up wrongly, is full, or is changed by an administrator."""

import asyncio

import httpx2
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from chaos.faults.fault import OWN_NATS, Fault
from chaos.system import System
from contracts.subjects import stream_name
from services.kit.broker import Drift, check_drift

_ENOUGH_FOR_NOTHING = 1_000
"""Bytes of store."""

_A_MONTH = 2_592_000
"""Seconds."""


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
    Fault("F17", "a broker that syncs to disk only now and then", OWN_NATS, unsafe),
    Fault("F18", "a broker without room", OWN_NATS, full),
    Fault("F19", "stream and consumer deleted, stream changed", OWN_NATS, administered),
)
