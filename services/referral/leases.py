"""A claim is a lease: it lapses when nobody works on the referral, so that none is forgotten in somebody's drawer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from rules.calendar import add_working_days, end_of_day, local_day
from rules.limits import limit
from services.referral.models import Lease, ReceivedReferral


async def hold(session: AsyncSession, referral: ReceivedReferral, now: datetime) -> datetime:
    """Start or renew the lease; returns when it lapses: at the end of the last working day it covers."""
    today = local_day(now)
    until = end_of_day(add_working_days(today, limit("claim_lease_working_days", today)))
    upsert = insert(Lease).values(referral_id=referral.id, agency=referral.agency, until=until)
    await session.execute(
        upsert.on_conflict_do_update(index_elements=["referral_id"], set_={"until": upsert.excluded.until})
    )
    return until


async def end(session: AsyncSession, referral: ReceivedReferral) -> None:
    """No claim, no lease."""
    await session.execute(delete(Lease).where(col(Lease.referral_id) == referral.id))


async def over(session: AsyncSession, now: datetime) -> Sequence[Lease]:
    """The leases that have lapsed, of all institutions."""
    return (await session.exec(select(Lease).where(Lease.until <= now).limit(500))).all()


async def until_of(session: AsyncSession, referral_id: UUID) -> datetime | None:
    """When the claim on this referral lapses, if there is one."""
    return (await session.exec(select(Lease.until).where(Lease.referral_id == referral_id))).one_or_none()
