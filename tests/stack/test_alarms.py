"""Alarms of links at the command line: what stands, and that a person has looked at it."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import text

from services.kit.alarms import CANNOT_REPLAY, CHAIN_DIFFERS, Link, alarm
from services.kit.letters import Place
from stack.alarms import Alarm, list_, settled
from stack.alarms_view import table
from stack.databases import opened
from stack.errors import StackError

REFERRAL = Place("cis", "referral")
FROM_OPS, FROM_PUP = Link("ops", "cis", "intake"), Link("pup", "cis", "intake")
REASON = "Przywrócono kopię"


@pytest.fixture(autouse=True)
async def no_alarm_is_left(surroundings: Path) -> AsyncIterator[None]:
    yield
    async with opened(surroundings, REFERRAL) as database, database.transaction() as session:
        await session.execute(text("delete from link_alarm"))


async def raised(data: Path, kind: str, link: Link, *numbers: int) -> None:
    async with opened(data, REFERRAL) as database, database.transaction() as session:
        for number in numbers:
            await alarm(session, kind, link, number)


def printed(alarms: list[Alarm]) -> str:
    output = StringIO()
    Console(file=output, width=200).print(table(alarms))
    return output.getvalue()


async def test_alarms_of_one_kind_and_link_are_one_entry_with_words(surroundings: Path) -> None:
    await raised(surroundings, CHAIN_DIFFERS, FROM_OPS, 9, 7, 8)
    await raised(surroundings, CHAIN_DIFFERS, FROM_PUP, 3)
    first, second = await list_(surroundings)
    assert (first.kind, first.source, first.seq, first.count, second.source) == (CHAIN_DIFFERS, "ops", 7, 3, "pup")
    assert first.id.startswith("cis/referral/")
    assert "od numeru 7" in first.sentence
    assert "sciezka alarms settle" in first.remedy
    text = printed([first])
    assert [word for word in (first.id, "od numeru 7", "razy: 3") if word not in text] == []


async def test_what_was_settled_is_listed_only_when_asked_for_with_who_and_why(surroundings: Path) -> None:
    await raised(surroundings, CHAIN_DIFFERS, FROM_OPS, 7, 8)
    await raised(surroundings, CHAIN_DIFFERS, FROM_PUP, 7)
    await raised(surroundings, CANNOT_REPLAY, FROM_OPS, 7)
    chosen, *others = await list_(surroundings)
    assert await settled(surroundings, chosen.id, REASON) == 2
    assert await list_(surroundings) == others
    (kept,) = [each for each in await list_(surroundings, every=True) if each.settled_at]
    assert (kept.id, kept.reason, (kept.settled_by or "").startswith("operator ")) == (chosen.id, REASON, True)
    assert REASON in printed([kept])


async def test_what_was_raised_after_somebody_looked_still_stands(surroundings: Path) -> None:
    await raised(surroundings, CHAIN_DIFFERS, FROM_OPS, 7)
    (looked_at,) = await list_(surroundings)
    await raised(surroundings, CHAIN_DIFFERS, FROM_OPS, 6)
    assert await settled(surroundings, looked_at.id, REASON) == 1
    (standing,) = await list_(surroundings)
    assert standing.seq == 6


async def test_an_alarm_is_settled_once_and_with_a_reason(surroundings: Path) -> None:
    await raised(surroundings, CHAIN_DIFFERS, FROM_OPS, 7)
    (one,) = await list_(surroundings)
    with pytest.raises(StackError, match="od 3 do 500 znaków"):
        await settled(surroundings, one.id, "x")
    await settled(surroundings, one.id, REASON)
    with pytest.raises(StackError, match="Nie ma takiego alarmu"):
        await settled(surroundings, one.id, REASON)


@pytest.mark.parametrize("given", ["7", "cis/referral/", "cis/referral/x", "cis/referral/999999999", "nowhere/at/1"])
async def test_an_id_that_is_none_is_said_so(surroundings: Path, given: str) -> None:
    with pytest.raises(StackError, match="Nie ma takiego alarmu"):
        await settled(surroundings, given, REASON)


async def test_an_empty_list_says_so() -> None:
    assert "Żaden alarm nie czeka" in printed([])


async def command(data: Path, *arguments: str) -> tuple[int | None, str]:
    """Exit code and output of `sciezka alarms …`."""
    given = (sys.executable, "-m", "stack", "alarms", *arguments, "--data", str(data))
    process = await asyncio.create_subprocess_exec(*given, stdout=PIPE, stderr=STDOUT)
    output, _ = await process.communicate()
    return process.returncode, output.decode()


async def test_the_command_lists_and_settles(surroundings: Path) -> None:
    await raised(surroundings, CHAIN_DIFFERS, FROM_OPS, 7, 8)
    code, text = await command(surroundings, "list", "--json")
    (listed,) = json.loads(text)
    assert (code, listed["kind"], listed["count"]) == (0, CHAIN_DIFFERS, 2)
    code, text = await command(surroundings, "settle", listed["id"], "--reason", REASON)
    assert (code, text) == (0, "Zapisano. Załatwionych alarmów: 2.\n")
    assert (await command(surroundings, "list"))[1].strip() == "Żaden alarm nie czeka."
    code, text = await command(surroundings, "settle", listed["id"], "--reason", REASON)
    assert (code, "Nie ma takiego alarmu" in text) == (1, True)
