"""What is no honest fault: forged events, changed bodies and broken chains are alarms."""

from uuid import uuid4

from contracts.directory import Agency, Directory
from contracts.envelope import FIRST_LINK, link_hash
from tests.kit.examples import body, envelope, submitted
from tests.kit.road import DIRECTORY, SOURCE, TARGET, Road
from tests.kit.worklists import closed, decided, noted, the_letter, versions, working, worklist


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
