"""What a newer program understands is kept by the older one and taken in after the upgrade."""

from uuid import UUID, uuid4

import pytest

from contracts.envelope import Envelope
from contracts.events import REGISTRY, ReferralSubmitted
from services.kit.inbox import Handlers, each
from tests.kit.examples import body, envelope, submitted
from tests.kit.road import Effects, Road
from tests.kit.worklists import Poison, the_letter, versions, working, worklist
from tests.nodes import eventually


async def states(road: Road) -> dict[int, str]:
    return {row.version: row.state for row in await road.entered()}


class Resubmitted(ReferralSubmitted):
    """The second version of a known type, of a program that is not here yet."""

    name = "referral_submitted"
    event_version = 2


NEWER = Resubmitted.type()
del REGISTRY[NEWER]


def newer(version: int, referral_id: UUID) -> Resubmitted:
    return Resubmitted.model_validate(submitted(version, referral_id).model_dump())


class NewEffects(Effects):
    """What the newer program does."""

    def handlers(self) -> Handlers:
        known = super().handlers()
        return Handlers(tenant=known.tenant, effects={**known.effects, Resubmitted: each(self.apply)})


def upgraded(road: Road, monkeypatch: pytest.MonkeyPatch) -> Road:
    """The same road, read by the newer program."""
    monkeypatch.setitem(REGISTRY, NEWER, Resubmitted)
    return Road(road.nats, road.secrets, road.sender, road.receiver, NewEffects(road.effects.trouble))


async def send_to_old_reader(road: Road, referral_id: UUID, second: bytes | None = None) -> list[UUID]:
    """Three versions of a referral, the middle one of the newer type; the ids of the events."""
    sent: list[tuple[Envelope, bytes]] = []
    for event in (submitted(1, referral_id), newer(2, referral_id), submitted(3, referral_id)):
        sent.append((envelope(event), body(event)))
    for place, (stamp, content) in enumerate(sent):
        await road.put(stamp.headers(), second if second is not None and place == 1 else content)
    async with road.reading():
        await road.finished()
    return [stamp.id for stamp, _ in sent]


async def test_a_newer_version_of_a_type_is_kept_and_taken_in_after_the_upgrade_and_what_waits_follows(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral_id = uuid4()
    sent = await send_to_old_reader(road, referral_id)
    assert await states(road) == {1: "applied", 2: "unknown", 3: "parked"}
    assert await road.dead() == []
    await worklist(road).work()
    assert await states(road) == {1: "applied", 2: "unknown", 3: "parked"}

    async with working(upgraded(road, monkeypatch)):
        await eventually(lambda: all_applied(road))
    assert await road.applied() == sent
    assert {(row.aggregate_id, row.body, row.headers) for row in await road.entered()} == {(referral_id, None, None)}


async def all_applied(road: Road) -> bool:
    return {row.state for row in await road.entered()} == {"applied"}


async def test_an_event_kept_as_unknown_that_comes_before_its_turn_is_parked_after_the_upgrade(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral_id = uuid4()
    event, first = newer(2, referral_id), submitted(1, referral_id)
    await road.put(envelope(event).headers(), body(event))
    async with road.reading():
        await road.finished()
    after = upgraded(road, monkeypatch)
    await worklist(after).work()
    assert await states(road) == {2: "parked"}
    await after.take(first, envelope(first))
    assert await versions(road, referral_id) == [1, 2]


async def test_an_event_kept_as_unknown_whose_body_keeps_no_contract_becomes_a_dead_letter_after_the_upgrade(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral_id = uuid4()
    await send_to_old_reader(road, referral_id, second=b'{"referral_id": 1}')
    await worklist(upgraded(road, monkeypatch)).work()
    assert await states(road) == {1: "applied", 2: "dead", 3: "parked"}
    assert (await the_letter(road)).letter.cause == "ValidationError"


async def test_many_kept_events_are_all_taken_though_one_of_them_fails(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [newer(1, uuid4()) for _ in range(120)]
    road.effects.trouble = Poison(many[60].referral_id, 1)
    for event in many:
        await road.put(envelope(event).headers(), body(event))
    async with road.reading():
        await road.finished()
    await worklist(upgraded(road, monkeypatch)).work()
    assert len(await road.applied()) == 119
    assert (await the_letter(road)).letter.aggregate_id == many[60].referral_id
