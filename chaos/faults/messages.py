"""Messages that should not be: copies, changed copies, nonsense, and what a newer program wrote."""

import asyncio
import json
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
from nats.js import JetStreamContext
from nats.js.api import RawStreamMsg

from chaos.faults.fault import OWN_NATS, Fault
from chaos.proxy import ASKING
from chaos.system import System
from chaos.workload import ACCEPT, CLAIM, RELEASE, take
from contracts.subjects import services_of, stream_name

_COPIES = 5
_MOST = 60
"""Messages of each stream that are copied, the latest: on a system with a past there may be thousands."""

_ROUTE = ("pup-myszkow", "cis-myszkow")


async def copies(running: System) -> float:
    """F24: every message again, five times, under message ids that the broker does not know."""
    await running.work(6)
    await running.judge()
    async with running.broker.admin() as jetstream:
        for node in running.nodes:
            messages = [message async for message in stored(jetstream, node)]
            for message in messages[-_MOST:] * _COPIES:
                await publish(jetstream, node, message, message.data or b"")
        await taken(jetstream, running.nodes)
    return await running.judge()


async def changed_copy(running: System) -> float:
    """F26: an event comes again with another body: it has no effect and is in a worklist, as an alarm."""
    referral = await running.submit(*_ROUTE)
    await running.judge()
    before = await running.sql("cis", "select status, version from referral.referral where id = $1", referral)
    async with running.broker.admin() as jetstream:
        async for message in stored(jetstream, "cis"):
            if message.subject == "ev.pup.cis.intake.referral_submitted" and referral in str(message.data):
                event = json.loads(message.data or b"")
                await publish(jetstream, "cis", message, json.dumps(event | {"custodian": _ROUTE[1]}).encode())
        await taken(jetstream, ["cis"])
    assert before == await running.sql("cis", "select status, version from referral.referral where id = $1", referral)
    assert "DifferentBody" in await causes(running, "cis", "referral")
    alarms = await running.alarms()
    assert [alarm.split()[:4] for alarm in alarms - running.held] == [["different_body", "pup", "cis", "intake"]], (
        alarms
    )
    running.held |= alarms
    return await running.judge()


async def nonsense(running: System) -> float:
    """F20: a message that is no event: it is in a worklist at once, and what comes behind it goes on."""
    async with running.broker.admin() as jetstream:
        for body in (b"", b"{", b'{"path_id": "x"}', bytes(range(256))):
            await jetstream.publish("ev.pup.cis.intake.referral_submitted", body, stream=stream_name("cis"))
    await running.work(6)
    seconds = await running.judge()
    assert len(await causes(running, "cis", "referral")) >= 4
    return seconds


async def newer_program(running: System) -> float:
    """F22: an event of a type that the reader does not know: kept for the program that will, and the link goes on."""
    await running.submit(*_ROUTE)
    await running.judge()
    identity = uuid4()
    await running.sql(
        "pup",
        "insert into intake.outbox (id, target, subject, headers, body)"
        " select $1::uuid, target, 'ev.pup.cis.intake.referral_praised', headers"
        " || jsonb_build_object('ce-id', $1::uuid::text, 'ce-type', 'pl.sciezka.intake.referral_praised.v1',"
        " 'Nats-Msg-Id', $1::uuid::text), body"
        " from intake.outbox where target = 'cis' order by pos limit 1",
        identity,
    )
    await running.sql("pup", "select pg_notify('intake_outbox', '')")
    await running.work(6)
    running.held.add(str(identity))
    seconds = await running.judge()
    states = await running.sql("cis", "select state from referral.inbox where id = $1", identity)
    assert [row["state"] for row in states] == ["unknown"], states
    return seconds


async def backwards(running: System) -> float:
    """F25: the letters of several referrals arrive in the reverse of the order in which they were written."""
    sender, receiver = (running.institutions[slug] for slug in _ROUTE)
    referrals = [await running.submit(*_ROUTE) for _ in range(3)]
    await running.judge()
    running.line.cut("cis", ASKING)
    for referral in referrals:
        for step in (CLAIM, RELEASE, ACCEPT):
            await take(step, receiver, referral)
    rows = await _numbered(running, 4 * len(referrals))
    async with running.broker.admin() as jetstream:
        for row in rows:
            headers = json.loads(row["headers"]) | {"Nats-Msg-Id": str(uuid4())}
            await jetstream.publish(row["subject"], row["body"], stream=stream_name("pup"), headers=headers)
        await taken(jetstream, ["pup"])
    views = [await sender.show(referral) for referral in referrals]
    assert {view and view["status"] for view in views} == {"accepted"}
    running.line.mend("cis")
    return await running.judge()


async def _numbered(running: System, count: int) -> list[asyncpg.Record]:
    """The letters that wait at cis for pup, the last one first, once all have their number. Raises TimeoutError."""
    query = (
        "select subject, headers, body from referral.outbox"
        " where target = 'pup' and sent_at is null and linkseq is not null order by pos desc"
    )
    async with asyncio.timeout(60):
        while len(rows := await running.sql("cis", query)) < count:
            await asyncio.sleep(0.5)
    return rows


async def stored(jetstream: JetStreamContext, node: str) -> AsyncIterator[RawStreamMsg]:
    """What the stream of this node holds."""
    state = (await jetstream.stream_info(stream_name(node))).state
    for place in range(state.first_seq, state.last_seq + 1):
        yield await jetstream.get_msg(stream_name(node), place)


async def publish(jetstream: JetStreamContext, node: str, message: RawStreamMsg, body: bytes) -> None:
    """The message once more, with this body and a message id of its own."""
    headers = (message.headers or {}) | {"Nats-Msg-Id": str(uuid4())}
    await jetstream.publish(message.subject or "", body, stream=stream_name(node), headers=headers)


async def taken(jetstream: JetStreamContext, nodes: list[str] | tuple[str, ...]) -> None:
    """Wait until every reader has dealt with all that its stream holds. Raises TimeoutError."""
    async with asyncio.timeout(60):
        for node in nodes:
            for service in services_of(node):
                while True:
                    consumer = await jetstream.consumer_info(stream_name(node), service)
                    if not consumer.num_pending and not consumer.num_ack_pending:
                        break
                    await asyncio.sleep(0.1)


async def causes(running: System, node: str, service: str) -> list[str]:
    """Why things are in the worklist of a service."""
    rows = await running.sql(node, f"select cause from {service}.dead_letter where state = 'dead'")
    return [row["cause"] for row in rows]


FAULTS = (
    Fault("F20", "messages that are no events", OWN_NATS, nonsense),
    Fault("F22", "an event of a type that the reader does not know", OWN_NATS, newer_program),
    Fault("F24", "every message five times more, outside the broker's window for duplicates", OWN_NATS, copies),
    Fault("F25", "the letters of three referrals, the last one first", OWN_NATS, backwards),
    Fault("F26", "an event id again with another body", OWN_NATS, changed_copy),
)
