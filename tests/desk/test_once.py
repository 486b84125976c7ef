"""A form that is being done is left to whoever does it, unless they must have died."""

import asyncio
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.desk.api import Api
from services.desk.context import Desk
from services.desk.once import once
from services.desk.visitors import Visitor
from tests.nodes import Network


async def _second(network: Network, began: str, within: float) -> bool:
    """Whether a form whose first sending began so long ago is done anew within so many seconds."""
    base = network.bases["ops"]
    desk = Desk("ops", base.directory, True, Api(network.clients["ops"]), base.database("desk"), base.clock)
    who = Visitor("anna@ops-poraj", "Anna", base.directory["ops-poraj"], "OPS_HEAD", (), 60, "", "", "pl")
    key, done = uuid4().hex, False

    async def do() -> str:
        nonlocal done
        done = True
        return "/work"

    digest = sha256(f"{who.login} {key}".encode()).hexdigest()
    async with desk.database.transaction() as session:
        begun = text("insert into submission (key, at) values (:key, now() - cast(cast(:began as text) as interval))")
        await session.execute(begun, {"key": digest, "began": began})
    try:
        async with asyncio.timeout(within):
            await once(desk, who, key, do)
    except TimeoutError:
        pass
    return done


@pytest.mark.parametrize(("began", "again"), [("61 seconds", False), ("2 minutes", True)])
async def test_a_form_is_done_anew_only_after_three_answers_may_have_been_waited_for(
    network: Network, began: str, again: bool
) -> None:
    assert await _second(network, began, within=10 if again else 0.5) is again
