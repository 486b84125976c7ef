"""Streams and consumers: made from one table, checked against it at every start."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from faststream import AckPolicy
from faststream.nats.subscriber.usecases import PullStreamSubscriber
from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy

from contracts.subjects import SERVICES_OF_NODE, stream_name, stream_spec
from services.kit import broker
from services.kit.broker import Drift, ServerTooOld, check_drift, consumer_config, stream_config
from services.kit.keyring import ensure_keys
from services.kit.settings import Settings
from services.kit.wake import Listener
from stack.compose import Base, Task, compose, make_base
from stack.path_node import compose_path
from stack.servers.nats import ADMIN
from tests.kit.examples import body, envelope, submitted
from tests.kit.restartable import Server
from tests.kit.road import DIRECTORY, PATH, SOURCE, TARGET, Road

STREAM = stream_spec(TARGET)
READER = next(spec for spec in STREAM.consumers if spec.durable == "referral")

Change = Callable[[JetStreamContext], Awaitable[object]]


@pytest.fixture
async def admin(road: Road) -> AsyncIterator[JetStreamContext]:
    async with road.client(ADMIN) as client:
        yield client.jetstream()


def settings(data: Path, nats: Server, postgres: Server) -> Settings:
    return Settings.model_validate(
        {
            "SCIEZKA_DATA": data,
            "NATS_URL": nats.address,
            "DATABASE_URL": postgres.address,
            "TEMPORAL_ADDRESS": "127.0.0.1:1",
        }
    )


@pytest.fixture
async def base(road: Road, kit_data: Path, kit_postgres: Server) -> AsyncIterator[Base]:
    """The reading node, put together as in production, not yet connected."""
    made = make_base(TARGET, settings(kit_data, road.nats, kit_postgres), DIRECTORY, road.secrets)
    yield made
    await made.close()


async def test_what_is_provisioned_is_what_every_node_wants(road: Road, admin: JetStreamContext) -> None:
    for node in (SOURCE, TARGET, PATH):
        await check_drift(admin, node)


async def test_a_node_may_check_its_own_stream(road: Road) -> None:
    for node in (SOURCE, TARGET, PATH):
        async with road.client(node) as client:
            await check_drift(client.jetstream(), node)


async def test_provisioning_again_changes_nothing_and_loses_no_message(road: Road, admin: JetStreamContext) -> None:
    event = submitted()
    await road.put(envelope(event).headers(), body(event))
    before = await admin.stream_info(STREAM.name)
    consumer = await admin.consumer_info(STREAM.name, READER.durable)
    await road.provision()
    after = await admin.stream_info(STREAM.name)
    assert (after.config, after.created, after.state.messages) == (before.config, before.created, 1)
    again = await admin.consumer_info(STREAM.name, READER.durable)
    assert (again.config, again.created, again.num_pending) == (consumer.config, consumer.created, 1)


DRIFTS: list[tuple[str, Change]] = [
    (
        "EV_CIS.duplicate_window",
        lambda admin: admin.update_stream(stream_config(replace(STREAM, duplicate_window=timedelta(minutes=2)))),
    ),
    ("EV_CIS.max_age", lambda admin: admin.update_stream(stream_config(replace(STREAM, max_age=timedelta(days=2))))),
    (
        "EV_CIS.discard",
        lambda admin: admin.update_stream(stream_config(STREAM).evolve(discard=DiscardPolicy.OLD)),
    ),
    (
        "EV_CIS.subjects",
        lambda admin: admin.update_stream(stream_config(STREAM).evolve(subjects=["ev.*.cis.>", "other"])),
    ),
    (
        "EV_CIS.referral.max_deliver",
        lambda admin: admin.add_consumer(STREAM.name, consumer_config(replace(READER, max_deliver=5))),
    ),
    (
        "EV_CIS.referral.ack_wait",
        lambda admin: admin.add_consumer(STREAM.name, consumer_config(replace(READER, ack_wait=timedelta(minutes=5)))),
    ),
    (
        "EV_CIS.referral.filter_subject",
        lambda admin: admin.add_consumer(STREAM.name, consumer_config(replace(READER, filters=("ev.pup.cis.>",)))),
    ),
    ("EV_CIS.referral is missing", lambda admin: admin.delete_consumer(STREAM.name, READER.durable)),
]


@pytest.mark.parametrize(("named", "change"), DRIFTS, ids=[named for named, _ in DRIFTS])
async def test_drift_is_named_by_stream_and_setting_and_provisioning_mends_it(
    road: Road, admin: JetStreamContext, named: str, change: Change
) -> None:
    await change(admin)
    with pytest.raises(Drift) as drift:
        await check_drift(admin, TARGET)
    assert str(drift.value) == named
    await road.provision()
    await check_drift(admin, TARGET)


async def test_a_missing_stream_is_drift(road: Road, admin: JetStreamContext) -> None:
    await admin.delete_stream(STREAM.name)
    with pytest.raises(Drift, match=r"^EV_CIS is missing$"):
        await check_drift(admin, TARGET)


async def test_a_node_refuses_to_start_on_drift_and_takes_no_message(
    road: Road, base: Base, admin: JetStreamContext
) -> None:
    event = submitted()
    await road.put(envelope(event).headers(), body(event))
    base.read("referral", road.effects.handlers(), Listener(base.database("referral").url)).close()
    await admin.add_consumer(STREAM.name, consumer_config(replace(READER, max_deliver=5)))
    with pytest.raises(Drift):
        await base.connect()
    info = await admin.consumer_info(STREAM.name, READER.durable)
    assert (info.num_pending, info.num_ack_pending, info.num_waiting) == (1, 0, 0)


async def test_a_node_refuses_to_start_on_a_server_with_known_holes(
    base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "OLDEST_SERVER", (99, 0, 0))
    with pytest.raises(ServerTooOld):
        await base.connect()


async def test_a_reader_leaves_streams_and_consumers_as_they_are(road: Road, admin: JetStreamContext) -> None:
    async def configured() -> tuple[object, object]:
        stream, consumer = await admin.stream_info(STREAM.name), await admin.consumer_info(STREAM.name, READER.durable)
        return stream.config, consumer.config

    before = await configured()
    async with road.reading():
        pass
    assert await configured() == before


def discard(tasks: list[Task]) -> None:
    """Drop coroutines that were never to run."""
    for task in tasks:
        task.close()


async def test_no_subscriber_of_an_institutions_node_drops_a_message_at_its_first_error(
    base: Base, kit_data: Path
) -> None:
    """FastStream's own default rejects: the message would be gone after one failure."""
    ensure_keys(kit_data, (SOURCE, TARGET, PATH))
    discard(compose(base, ("edge", *SERVICES_OF_NODE))[1])
    assert {subscriber.ack_policy for subscriber in base.broker.subscribers} == {AckPolicy.NACK_ON_ERROR}
    pulling = [subscriber for subscriber in base.broker.subscribers if isinstance(subscriber, PullStreamSubscriber)]
    assert {subscriber.stream.name for subscriber in pulling if subscriber.stream} == {stream_name(TARGET)}
    assert len(pulling) == len(SERVICES_OF_NODE)


async def test_no_subscriber_of_the_path_node_drops_a_message_at_its_first_error(
    road: Road, kit_data: Path, kit_postgres: Server
) -> None:
    ensure_keys(kit_data, (SOURCE, TARGET, PATH))
    base = make_base(PATH, settings(kit_data, road.nats, kit_postgres), DIRECTORY, road.secrets)
    try:
        discard(compose_path(base)[1])
        assert {subscriber.ack_policy for subscriber in base.broker.subscribers} == {AckPolicy.NACK_ON_ERROR}
    finally:
        await base.close()
