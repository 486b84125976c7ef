"""What the broker lost is noticed, laid anew and sent again: every event is applied once, both chains end alike."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from faststream.nats.subscriber.usecases import PullStreamSubscriber

from contracts.subjects import stream_name, stream_spec
from services.kit.broker import stream_config
from stack.servers.nats import ADMIN
from tests.kit.ends import everything_arrived, kept, reading, writing
from tests.kit.examples import submitted
from tests.kit.road import TARGET, Road
from tests.nodes import eventually

STREAM = stream_name(TARGET)

Damage = Callable[[Path], None]


def store_of(data: Path) -> Path:
    return data / "nats" / "store"


async def publish(road: Road, count: int) -> list[UUID]:
    return [await road.publish(submitted()) for _ in range(count)]


@asynccontextmanager
async def both_ends(road: Road, data: Path) -> AsyncIterator[list[str]]:
    """Keeper, writer and reader at work; what the keeper has mended."""
    async with AsyncExitStack() as stack:
        mended = await stack.enter_async_context(kept(road))
        await stack.enter_async_context(writing(road, data))
        await stack.enter_async_context(reading(road, data))
        yield mended


@pytest.fixture
async def whole_again(road: Road) -> AsyncIterator[None]:
    """The kit's server is everybody's: leave it with sound streams."""
    yield
    await road.lay()


async def test_a_data_folder_deleted_while_stopped_loses_nothing(road: Road, kit_data: Path, whole_again: None) -> None:
    async with both_ends(road, kit_data):
        sent = await publish(road, 5)
        await everything_arrived(road, sent)
    async with writing(road, kit_data):  # nobody reads
        sent += await publish(road, 5)
        await road.sent(10)
    async with both_ends(road, kit_data) as mended:
        async with road.nats.absent():
            await asyncio.to_thread(shutil.rmtree, store_of(kit_data))
            sent += await publish(road, 5)
        await everything_arrived(road, sent)
    assert f"{STREAM} is missing" in mended


async def test_a_data_folder_restored_from_before_loses_nothing_and_doubles_nothing(
    road: Road, kit_data: Path, tmp_path: Path, whole_again: None
) -> None:
    async with both_ends(road, kit_data):
        sent = await publish(road, 5)
        await everything_arrived(road, sent)
        async with road.nats.absent():
            await asyncio.to_thread(shutil.copytree, store_of(kit_data), tmp_path / "yesterday")
        sent += await publish(road, 5)
        await everything_arrived(road, sent)
    async with writing(road, kit_data):
        sent += await publish(road, 5)
        await road.sent(15)
    async with both_ends(road, kit_data):
        async with road.nats.absent():
            await asyncio.to_thread(shutil.rmtree, store_of(kit_data))
            await asyncio.to_thread(shutil.copytree, tmp_path / "yesterday", store_of(kit_data))
        sent += await publish(road, 5)
        await everything_arrived(road, sent)


async def test_a_stream_deleted_under_a_running_reader_is_laid_anew_and_the_reader_goes_on(
    road: Road, kit_data: Path, whole_again: None
) -> None:
    async with both_ends(road, kit_data) as mended:
        sent = await publish(road, 5)
        await everything_arrived(road, sent)
        async with road.client(ADMIN) as client:
            await client.jetstream().delete_stream(STREAM)
        sent += await publish(road, 5)
        await everything_arrived(road, sent)
        assert f"{STREAM} is missing" in mended


async def test_a_reader_whose_stream_is_gone_waits_quietly(road: Road, kit_data: Path, whole_again: None) -> None:
    async with reading(road, kit_data) as end:
        (subscriber,) = [each for each in end.talk.broker.subscribers if isinstance(each, PullStreamSubscriber)]
        subscription: Any = subscriber.subscription
        asked, fetch = [], subscription.fetch
        now = asyncio.get_running_loop().time

        async def note(*args: Any, **options: Any) -> Any:
            asked.append(now())
            return await fetch(*args, **options)

        async def asked_again() -> bool:
            return len(asked) >= 3

        async with road.client(ADMIN) as client:
            await client.jetstream().delete_stream(STREAM)
        subscription.fetch = note
        await eventually(asked_again)
        assert all(later - earlier >= 0.9 for earlier, later in pairwise(asked))


async def test_a_stream_deleted_with_messages_that_nobody_had_read_is_filled_again(
    road: Road, kit_data: Path, whole_again: None
) -> None:
    async with writing(road, kit_data):
        sent = await publish(road, 5)
        await road.sent(5)
    async with road.client(ADMIN) as client:
        await client.jetstream().delete_stream(STREAM)
    async with both_ends(road, kit_data):
        await everything_arrived(road, sent)


async def test_a_consumer_deleted_under_a_running_reader_is_made_anew_and_the_reader_goes_on(
    road: Road, kit_data: Path, whole_again: None
) -> None:
    async with both_ends(road, kit_data) as mended:
        sent = await publish(road, 5)
        await everything_arrived(road, sent)
        async with road.client(ADMIN) as client:
            await client.jetstream().delete_consumer(STREAM, "referral")
        sent += await publish(road, 5)
        await everything_arrived(road, sent)
        assert f"{STREAM}.referral is missing" in mended


@pytest.mark.parametrize("number", [1, 2, 3], ids=["first", "middle", "last"])
async def test_one_message_deleted_inside_the_dedupe_window_is_sent_again(
    road: Road, kit_data: Path, whole_again: None, number: int
) -> None:
    async with road.client(ADMIN) as client:
        jetstream = client.jetstream()
        await jetstream.delete_stream(STREAM)
        await jetstream.add_stream(stream_config(stream_spec(TARGET)).evolve(deny_delete=False))
        async with writing(road, kit_data):
            sent = await publish(road, 3)
            await road.sent(3)
        assert await jetstream.delete_msg(STREAM, number)
    async with both_ends(road, kit_data):
        await everything_arrived(road, sent)
    assert [row.replays for row in await road.outbox()] == [int(place == number) for place in (1, 2, 3)]


# --- damaged files -----------------------------------------------------------------------------------------------


def block_of(data: Path) -> Path:
    (block,) = store_of(data).rglob(f"streams/{STREAM}/msgs/*.blk")
    return block


def flip(block: Path, at: int) -> None:
    with block.open("r+b") as file:
        file.seek(at)
        found = file.read(8)
        file.seek(at)
        file.write(bytes(byte ^ 0xFF for byte in found))


def in_the_middle(data: Path) -> None:
    flip(block_of(data), block_of(data).stat().st_size // 2)


def in_the_middle_without_index(data: Path) -> None:
    in_the_middle(data)
    (block_of(data).parent / "index.db").unlink()


def in_the_first_record(data: Path) -> None:
    flip(block_of(data), 0)


def cut_in_half(data: Path) -> None:
    os.truncate(block_of(data), block_of(data).stat().st_size // 2)


def gone(data: Path) -> None:
    block_of(data).unlink()


DAMAGES = [in_the_middle, in_the_middle_without_index, in_the_first_record, cut_in_half, gone]


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_block_file_damaged_while_stopped_loses_nothing_that_nobody_had_read(
    road: Road, kit_data: Path, whole_again: None, damage: Damage
) -> None:
    async with writing(road, kit_data):
        sent = await publish(road, 10)
        await road.sent(10)
    async with road.nats.absent():
        damage(kit_data)
    async with both_ends(road, kit_data):
        sent += await publish(road, 3)
        await everything_arrived(road, sent)


@pytest.mark.parametrize("damage", [in_the_middle, cut_in_half, gone])
async def test_a_block_file_damaged_under_a_running_server_loses_nothing_after_its_restart(
    road: Road, kit_data: Path, whole_again: None, damage: Damage
) -> None:
    async with both_ends(road, kit_data):
        sent = await publish(road, 10)
        await everything_arrived(road, sent)
    async with writing(road, kit_data):
        sent += await publish(road, 5)
        await road.sent(15)
    damage(kit_data)
    await road.nats.crash()
    await road.nats.up()
    async with both_ends(road, kit_data):
        sent += await publish(road, 3)
        await everything_arrived(road, sent)


async def test_a_consumer_that_is_further_than_its_stream_is_made_anew(
    road: Road, kit_data: Path, whole_again: None
) -> None:
    """The server leaves it there when a file was cut under it, and delivers nothing until the stream caught up."""
    async with writing(road, kit_data), reading(road, kit_data):
        sent = await publish(road, 10)
        await everything_arrived(road, sent)
        cut_in_half(kit_data)
        sent += await publish(road, 2)
        await everything_arrived(road, sent)
    await road.nats.down()
    await road.nats.up()
    async with kept(road) as mended:
        # A reader that started while its consumer is away would try to make it, which it may not.
        await eventually(lambda: _said(mended, f"{STREAM}.referral was further than its stream"))
        async with writing(road, kit_data), reading(road, kit_data):
            sent += await publish(road, 1)
            await everything_arrived(road, sent)


async def _said(mended: list[str], wanted: str) -> bool:
    return wanted in mended
