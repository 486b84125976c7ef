"""The worklist: what people decide about dead letters is carried out, and what a newer program understands is taken."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Row, text

from contracts.directory import Agency, Directory
from contracts.envelope import FIRST_LINK, Envelope, link_hash
from contracts.events import REGISTRY, Event, ReferralSubmitted
from contracts.worklist import Wish
from services.kit.clock import DatabaseClock
from services.kit.dead_letters import DeadLetters, Message, worklist_channel
from services.kit.decisions import NotWaiting, decide
from services.kit.inbox import Handlers, Inbox, each
from services.kit.letters import DEAD, EVERY, Place, Waiting, detail, item, letters
from services.kit.service import Service
from services.kit.wake import Bell, Listener
from services.kit.worklist import Worklist
from tests.kit.examples import body, envelope, requested, submitted
from tests.kit.road import DIRECTORY, SOURCE, TARGET, Effects, Road, ended
from tests.nodes import eventually

SCHEMA = "public"
"""Of the databases of these tests; in a node it is the service's name."""


class Trouble(LookupError):
    """What a poisonous event meets."""


def worklist(road: Road, *, bell: Bell | None = None, directory: Directory = DIRECTORY) -> Worklist:
    """The worklist of the reader."""
    handlers = Handlers(tenant=lambda event: event.receiver, effects=road.effects.handlers().effects)
    service = Service("referral", TARGET, directory, road.receiver, DatabaseClock())
    inbox = Inbox(node=TARGET, database=road.receiver, directory=directory, handlers=handlers)
    return Worklist(service, handlers, inbox, bell or Bell())


@asynccontextmanager
async def working(road: Road) -> AsyncIterator[None]:
    """The reader and its worklist, woken by NOTIFY."""
    listener = Listener(road.receiver.url)
    work = worklist(road, bell=listener.bell(worklist_channel(SCHEMA)))
    tasks = [asyncio.create_task(work.run()), asyncio.create_task(listener.run())]
    async with road.reading():
        try:
            yield
        finally:
            await ended(*tasks)


async def all_letters(road: Road) -> list[Waiting]:
    async with road.receiver.transaction() as session:
        return await letters(session, states=EVERY)


async def the_letter(road: Road) -> Waiting:
    """The one that waits for a person."""
    async with road.receiver.transaction() as session:
        (found,) = await letters(session, states=DEAD)
    return found


async def decided(road: Road, what: Wish, reason: str | None = None) -> Waiting:
    """The one letter, after somebody has decided about it."""
    found = await decide(road.receiver, (await the_letter(road)).letter.id, what, by="cis.kierownik", reason=reason)
    assert found is not None
    return found


async def states(road: Road) -> dict[int, str]:
    return {row.version: row.state for row in await road.entered()}


async def versions(road: Road, referral_id: UUID) -> list[int]:
    query = f"select version from effect where aggregate_id = '{referral_id}' order by pos"
    return [row.version for row in await road.rows(road.receiver, query)]


@dataclass
class Poison:
    """An event of this referral and version fails until the cause is mended."""

    referral_id: UUID
    version: int
    mended: bool = False

    async def __call__(self, event: Event, runs: int) -> None:
        if not self.mended and (event.aggregate_id, event.version) == (self.referral_id, self.version):
            raise Trouble


async def queue(road: Road, referral_id: UUID, count: int = 5) -> None:
    """One client's events, and after each one of another client's."""
    for version in range(1, count + 1):
        for event in (submitted(version, referral_id), submitted()):
            await road.put(envelope(event).headers(), body(event))


async def poisoned(road: Road) -> Poison:
    """One client's queue with poison at its second place, as far as it got."""
    poison = Poison(uuid4(), 2)
    road.effects.trouble = poison
    await queue(road, poison.referral_id)
    await road.finished()
    return poison


# --- poison at the head of one client's queue ----------------------------------------------------------------------


async def test_poison_at_the_head_of_one_clients_queue_blocks_this_client_only_and_the_list_tells_so(
    road: Road,
) -> None:
    async with working(road):
        poison = await poisoned(road)
    assert await versions(road, poison.referral_id) == [1]
    assert len(await road.applied()) == 1 + 5
    told = item(await the_letter(road), Place(TARGET, "referral"), "pl")
    assert (told.referral_id, told.version, told.cause, told.attempts) == (poison.referral_id, 2, "trouble", 8)
    parked = [row for row in await road.entered() if row.state == "parked"]
    assert (told.behind.count, told.behind.since) == (3, min(row.received_at for row in parked))


async def test_others_flow_while_the_poison_is_still_being_tried(road: Road) -> None:
    poison = Poison(uuid4(), 1)
    road.effects.trouble = poison
    bad, good = submitted(1, poison.referral_id), submitted()
    await road.put(envelope(bad).headers(), body(bad))
    async with road.reading((60.0,)):
        await eventually(lambda: failing(road))
        await road.put(envelope(good).headers(), body(good))
        await eventually(road.applied, within=5)
    assert await versions(road, good.aggregate_id) == [1]


async def failing(road: Road) -> Sequence[Row[Any]]:
    return await road.rows(road.receiver, "select 1 from dead_letter where state = 'failing'")


async def test_once_the_cause_is_mended_a_retry_lets_the_whole_queue_follow_in_order(road: Road) -> None:
    async with working(road):
        poison = await poisoned(road)
        poison.mended = True
        found = await decided(road, "retry")
    assert (found.letter.state, found.letter.wish, found.letter.decided_by) == ("resolved", None, "cis.kierownik")
    assert found.letter.closed_at is not None
    assert await versions(road, poison.referral_id) == [1, 2, 3, 4, 5]
    assert {row.state for row in await road.entered()} == {"applied"}


async def test_a_retry_that_fails_again_leaves_a_dead_letter_with_its_newest_cause_and_nothing_else(road: Road) -> None:
    async def trouble(event: Event, runs: int) -> None:
        if event.aggregate_id == poison.referral_id:
            raise KeyError

    async with working(road):
        poison = await poisoned(road)
        road.effects.trouble = trouble
        found = await decided(road, "retry")
    assert (found.letter.state, found.letter.wish, found.letter.cause) == ("dead", None, "KeyError")
    assert found.letter.attempts == 8 + 1
    assert await versions(road, poison.referral_id) == [1]


async def test_a_dropped_event_is_passed_over_with_reason_and_name_and_the_rest_follows_in_order(road: Road) -> None:
    async with working(road):
        poison = await poisoned(road)
        found = await decided(road, "drop", "Zdarzenie testowe")
    row = found.letter
    assert (row.state, row.reason, row.decided_by) == ("dropped", "Zdarzenie testowe", "cis.kierownik")
    assert (found.count, found.since) == (0, None)
    assert await versions(road, poison.referral_id) == [1, 3, 4, 5]
    (dropped,) = [entry for entry in await road.entered() if entry.state != "applied"]
    assert (dropped.version, dropped.state, dropped.body) == (2, "dropped", None)


async def test_a_body_that_keeps_no_contract_can_be_dropped_and_what_waits_behind_it_follows(road: Road) -> None:
    referral_id = uuid4()
    first, second, third = (submitted(version, referral_id) for version in (1, 2, 3))
    wrong = second.model_dump(mode="json") | {"urgency": "very"}
    async with working(road):
        await road.put(envelope(first).headers(), body(first))
        await road.put(envelope(second).headers(), json.dumps(wrong).encode())
        await road.put(envelope(third).headers(), body(third))
        await road.finished()
        assert (await the_letter(road)).count == 1
        await decided(road, "drop", "Nadawca wysłał poprawne")
    assert await versions(road, referral_id) == [1, 3]


async def test_a_drop_waits_for_the_turn_of_its_version_and_what_comes_before_does_not_wait_behind_it(
    road: Road,
) -> None:
    referral_id = uuid4()
    first, second, third, fourth = (submitted(version, referral_id) for version in (1, 2, 3, 4))
    await road.put(envelope(second).headers(), body(second))
    await road.put(envelope(third).headers(), json.dumps(third.model_dump(mode="json") | {"kind": "?"}).encode())
    await road.put(envelope(fourth).headers(), body(fourth))
    work = worklist(road)
    async with road.reading():
        await road.finished()
        found = await the_letter(road)
        assert found.count == 1
        await noted(road, found.letter.id, "drop")
        await work.work()
        assert (await the_letter(road)).letter.wish == "drop"
        await road.put(envelope(first).headers(), body(first))
        await road.finished()
        await work.work()
    assert await versions(road, referral_id) == [1, 2, 4]
    assert [found.letter.state for found in await all_letters(road)] == ["dropped"]


async def noted(road: Road, letter_id: UUID, what: Wish) -> None:
    await road.execute(
        road.receiver, f"update dead_letter set wish = '{what}', reason = 'abc' where id = '{letter_id}'"
    )


async def test_a_wish_made_while_the_service_is_down_is_carried_out_when_it_is_up_again(road: Road) -> None:
    async with road.reading():
        poison = await poisoned(road)
    poison.mended = True
    await noted(road, (await the_letter(road)).letter.id, "retry")
    async with working(road):
        await eventually(lambda: closed(road))
    assert await versions(road, poison.referral_id) == [1, 2, 3, 4, 5]


async def closed(road: Road) -> bool:
    return {found.letter.state for found in await all_letters(road)} == {"resolved"}


async def test_a_database_that_is_down_makes_neither_a_failure_nor_an_end_of_a_wish(road: Road) -> None:
    async def trouble(event: Event, runs: int) -> None:
        raise ConnectionRefusedError

    async with road.reading():
        await poisoned(road)
    road.effects.trouble = trouble
    await noted(road, (await the_letter(road)).letter.id, "retry")
    with pytest.raises(ConnectionRefusedError):
        await worklist(road).work()
    row = (await the_letter(road)).letter
    assert (row.state, row.wish, row.attempts) == ("dead", "retry", 8)


async def test_a_wish_that_another_process_has_carried_out_meanwhile_changes_nothing(road: Road) -> None:
    async with road.reading():
        await poisoned(road)
    row = (await the_letter(road)).letter
    await noted(road, row.id, "drop")
    work = worklist(road)
    async with road.receiver.transaction() as other:
        await other.execute(text("update dead_letter set wish = null"))
        waiting = asyncio.create_task(work.work())
        await eventually(road.blocked)
    await waiting
    assert (await the_letter(road)).letter.wish is None
    assert (await states_of(road, row.aggregate_id))[2] == "dead"


async def states_of(road: Road, aggregate_id: UUID | None) -> dict[int, str]:
    return {row.version: row.state for row in await road.entered() if row.aggregate_id == aggregate_id}


async def test_who_decides_about_a_letter_that_was_dealt_with_is_told_so(road: Road) -> None:
    async with working(road):
        await poisoned(road)
        found = await decided(road, "drop", "Zdarzenie testowe")
        with pytest.raises(NotWaiting):
            await decide(road.receiver, found.letter.id, "retry", by="cis.kierownik")
        assert await decide(road.receiver, uuid4(), "retry", by="cis.kierownik") is None
        assert await decide(road.receiver, found.letter.id, "retry", by="cis.kierownik", agency="cis-inny") is None


# --- what is no honest fault ---------------------------------------------------------------------------------------


async def alarms(road: Road) -> list[tuple[str, str, str, str, int]]:
    rows = await road.rows(road.receiver, "select kind, source, target, family, seq from link_alarm order by id")
    return [tuple(row) for row in rows]


async def test_a_forged_event_is_an_alarm_once_and_no_retry_applies_it(road: Road) -> None:
    event = submitted()
    headers = envelope(event, source="pup-myszkow", link=(1, FIRST_LINK)).headers()
    await road.put(headers, body(event))
    async with working(road):
        await road.finished()
        found = await decided(road, "retry")
    assert (found.letter.state, found.letter.cause) == ("dead", "Forged")
    assert await alarms(road) == [("forged", SOURCE, TARGET, "intake", 1)]
    assert await road.applied() == []


async def test_a_forged_event_may_be_retried_when_it_was_the_directory_that_was_wrong(road: Road) -> None:
    event = submitted()
    await road.put(envelope(event, source="ops-nowy").headers(), body(event))
    async with road.reading():
        await road.finished()
    await noted(road, (await the_letter(road)).letter.id, "retry")
    newcomer = Agency(slug="ops-nowy", kind="ops", node="ops", name="OPS", town="Poraj", county="myszkowski")
    await worklist(road, directory=Directory(agencies=(*DIRECTORY.agencies, newcomer))).work()
    assert await closed(road)
    assert await versions(road, event.aggregate_id) == [1]


async def test_a_dropped_forgery_never_counts_as_the_version_it_claimed_to_be(road: Road) -> None:
    referral_id = uuid4()
    first, second = (submitted(version, referral_id) for version in (1, 2))
    forged = submitted(2, referral_id)
    async with working(road):
        await road.put(envelope(first).headers(), body(first))
        await road.put(envelope(forged, source="pup-myszkow").headers(), body(forged))
        await road.finished()
        await decided(road, "drop", "Fałszywe zdarzenie")
        await road.put(envelope(second).headers(), body(second))
        await road.finished()
    assert await versions(road, referral_id) == [1, 2]


async def test_the_same_id_with_another_body_and_a_broken_chain_are_alarms_once_each(road: Road) -> None:
    first, other, third = submitted(), submitted(), submitted()
    stamp = envelope(first, link=(1, FIRST_LINK))
    await road.put(stamp.headers(), body(first))
    async with road.reading():
        await road.finished()
        for copy in ("a", "b"):
            await road.put(stamp.headers() | {"Nats-Msg-Id": copy}, body(other))
        await road.put(envelope(third, link=(2, "0" * 63 + "1")).headers(), body(third))
        await road.finished()
    assert await alarms(road) == [
        ("different_body", SOURCE, TARGET, "intake", 1),
        ("chain_broken", SOURCE, TARGET, "intake", 2),
    ]


async def test_a_link_goes_on_behind_a_dead_letter(road: Road) -> None:
    bad, good = submitted(), submitted()
    stamp = envelope(bad, link=(1, FIRST_LINK))
    await road.put(stamp.headers(), b"{")
    after = link_hash(FIRST_LINK, 1, stamp.id, b"{")
    await road.put(envelope(good, link=(2, after)).headers(), body(good))
    async with road.reading():
        await road.finished()
    (cursor,) = await road.rows(road.receiver, "select * from link_cursor")
    assert (cursor.seq, (await the_letter(road)).letter.cause) == (2, "ValidationError")


# --- what a newer program understands ------------------------------------------------------------------------------


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


# --- what is shown -------------------------------------------------------------------------------------------------


async def test_a_letter_shows_what_travels_in_the_clear_and_of_what_is_sealed_its_size_only(road: Road) -> None:
    event = submitted(sealed="eyJ" + "x" * 97)
    road.effects.trouble = Poison(event.referral_id, 1)
    await road.put(envelope(event, link=(17, FIRST_LINK)).headers() | {"X-Odd": "Jan Kowalski"}, body(event))
    async with road.reading():
        await road.finished()
    shown = detail(await the_letter(road), Place(TARGET, "referral"), "en")
    assert str(shown.link) == "ops→cis intake #17"
    assert shown.event is not None
    assert (shown.event["sealed"], shown.event["receiver"]) == ({"size": 100}, "cis-poraj")
    assert shown.headers["ce-type"] == event.type()
    assert "eyJ" not in shown.model_dump_json()
    assert "Kowalski" not in shown.model_dump_json()


async def test_of_a_body_that_keeps_no_contract_nothing_is_shown_but_size_and_hash(road: Road) -> None:
    await road.put(envelope(submitted()).headers(), b'{"name": "Jan Kowalski"}')
    async with road.reading():
        await road.finished()
    shown = detail(await the_letter(road), Place(TARGET, "referral"), "pl")
    assert (shown.event, shown.body.size) == (None, 24)
    assert "Kowalski" not in shown.model_dump_json()


async def test_letters_come_oldest_first_and_failing_ones_on_request_only(road: Road) -> None:
    for content in (b"{", b"[", b'"'):
        await road.put(envelope(submitted()).headers(), content)
    event = requested()
    road.effects.trouble = Poison(event.referral_id, 1)
    await road.put(envelope(event).headers(), body(event))
    async with road.reading((0.01, 60.0)):
        await eventually(lambda: failing(road))
    async with road.receiver.transaction() as session:
        dead = await letters(session)
        every = await letters(session, states=EVERY)
    assert {found.letter.body for found in dead} == {b"{", b"[", b'"'}
    assert [found.letter.first_at for found in dead] == sorted(found.letter.first_at for found in dead)
    assert {found.letter.state for found in every} == {"dead", "failing"}


# --- telling the institution concerned -----------------------------------------------------------------------------


async def told(road: Road) -> list[dict[str, Any]]:
    """The letters that the reader has written of its own."""
    rows = await road.rows(road.receiver, "select subject, headers, body from outbox order by pos")
    return [{"subject": row.subject, "source": row.headers["ce-source"], **json.loads(row.body)} for row in rows]


async def test_the_institution_concerned_is_told_once_that_a_letter_was_opened_and_once_that_it_was_closed(
    road: Road,
) -> None:
    async with road.reading():
        poison = await poisoned(road)
    work = worklist(road)
    await work.work()
    await work.work()
    (opened,) = await told(road)
    expected = {"agency": "cis-poraj", "source": "cis-poraj", "cause": "trouble", "service": "referral", "version": 1}
    assert expected.items() <= opened.items()
    assert (opened["subject"], opened["referral_id"]) == ("ev.cis.cis.road.dead_letter_opened", str(poison.referral_id))
    await noted(road, UUID(opened["letter_id"]), "drop")
    await work.work()
    await work.work()
    _, ended_ = await told(road)
    assert {"outcome": "dropped", "letter_id": opened["letter_id"], "version": 2}.items() <= ended_.items()
    assert "abc" not in json.dumps(ended_)


async def test_of_a_letter_about_a_letter_nobody_is_told(road: Road) -> None:
    event = submitted()
    message = Message(1, "ev.cis.cis.road.dead_letter_opened", envelope(event).headers(), body(event))
    await DeadLetters(road.receiver).count_failure(message, cause="LookupError", final=1)
    await worklist(road).work()
    assert await told(road) == []
    assert (await the_letter(road)).letter.agency == "cis-poraj"
