"""Deciding about a dead letter from outside the service that will carry it out, and waiting for what comes of it."""

import asyncio
from uuid import UUID

from contracts.worklist import Wish
from services.kit.database import Database
from services.kit.letters import Waiting, letter, wish

SECONDS = 5.0
"""How long to wait for the outcome; the wish stays when it takes longer."""

_LOOK_SECONDS = 0.1


class NotWaiting(Exception):
    """The letter does not wait for a person: it is still tried, or it was dealt with."""


async def decide(
    database: Database,
    letter_id: UUID,
    what: Wish,
    *,
    by: str,
    reason: str | None = None,
    agency: str | None = None,
) -> Waiting | None:
    """Note the wish and return the letter with what came of it; its `wish` still stands when that takes longer.

    None when there is no such letter, or not of this institution. Raises NotWaiting.
    """
    async with database.transaction() as session:
        if await letter(session, letter_id, agency=agency) is None:
            return None
        if not await wish(session, letter_id, what, by=by, reason=reason):
            raise NotWaiting(str(letter_id))
    until = asyncio.get_running_loop().time() + SECONDS
    while True:
        async with database.transaction() as session:
            found = await letter(session, letter_id)
        if found is None or found.letter.wish is None or asyncio.get_running_loop().time() > until:
            return found
        await asyncio.sleep(_LOOK_SECONDS)
