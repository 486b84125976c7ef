"""The sweep that ends lapsed claims. It needs no clock of its own and no Temporal: the database knows what is over."""

import asyncio

import structlog

from services.kit.outages import DATABASE_ERRORS
from services.referral import commands, leases
from services.referral.context import Receiving

log = structlog.get_logger()
_EVERY_SECONDS = 30.0


async def run(receiving: Receiving) -> None:
    """Sweep for ever; a database that is down only delays it."""
    while True:
        try:
            await sweep(receiving)
        except DATABASE_ERRORS as error:
            log.warning("lease_sweep_failed", cause=type(error).__name__)
        await asyncio.sleep(_EVERY_SECONDS)


async def sweep(receiving: Receiving) -> int:
    """Give back every referral whose claim has lapsed; returns how many."""
    service = receiving.service
    async with service.database.transaction() as session:
        over = await leases.over(session, await service.clock.now(session))
    for lease in over:
        async with service.database.transaction(lease.agency) as session:
            referral = await commands.locked(session, lease.referral_id)
            now = await service.clock.now(session)
            until = await leases.until_of(session, lease.referral_id)
            if referral is not None and referral.status == "in_review" and until is not None and until <= now:
                await commands.lapse(receiving, session, referral, now)
    return len(over)
