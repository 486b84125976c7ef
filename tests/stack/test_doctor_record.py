"""The doctor at the record: what lies about in a service is named in words, with what to do."""

import re
from pathlib import Path

import pytest

from stack.doctor import examine
from tests.stack.doctors import found, schema, troubles_after
from tests.stack.troubles import HEAD, RECEIPT, SENT, TROUBLES, TROUBLES_OF_PATHS, WRITTEN


@pytest.mark.parametrize("code", TROUBLES)
async def test_what_lies_about_in_a_service_is_named_in_words(surroundings: Path, code: str) -> None:
    ill, sound, words = TROUBLES[code]
    (check,) = await troubles_after(surroundings, "pup", "referral", ill)
    assert (check.code, check.name) == (code, "pup/referral")
    assert [word for word in words if not re.search(word, check.sentence)] == []
    assert check.remedy
    assert await troubles_after(surroundings, "pup", "referral", sound) == []


@pytest.mark.parametrize("code", TROUBLES_OF_PATHS)
async def test_what_is_late_at_the_path_node_is_named_in_words(surroundings: Path, code: str) -> None:
    ill, sound, words = TROUBLES_OF_PATHS[code]
    (check,) = await troubles_after(surroundings, "path", "path", ill)
    assert (check.code, check.name) == (code, "path/path")
    assert [word for word in words if not re.search(word, check.sentence)] == []
    assert await troubles_after(surroundings, "path", "path", sound) == []


async def test_a_node_without_its_tables_is_named(surroundings: Path) -> None:
    async with schema("pup", "referral") as connection:
        await connection.execute("alter table outbox rename to elsewhere")
        try:
            checks = await examine(surroundings)
        finally:
            await connection.execute("alter table elsewhere rename to outbox")
    assert found(checks) == [("schema", "pup/referral")]


async def test_events_that_were_signed_for_wait_for_nobody(surroundings: Path) -> None:
    written = [HEAD, WRITTEN.format(400, SENT.format(310)), RECEIPT]
    assert await troubles_after(surroundings, "pup", "referral", written) == []
