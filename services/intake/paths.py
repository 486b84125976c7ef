"""The path a new referral of a client belongs to, and what is open for them already."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, exists, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.codes import ReferralKind
from rules.applications import open_statuses
from services.intake.applications.models import ApplicationRow
from services.intake.context import Intake
from services.intake.models import SentReferral
from services.kit.problems import Problem

OPEN = ("submitted", "delivered", "in_review", "info_requested")
"""States in which a second referral for the same thing is kept out, as the unique indexes of the table have it."""


async def going_on(session: AsyncSession, client_id: UUID) -> Sequence[SentReferral]:
    """The client's referrals that were neither declined nor withdrawn, newest first."""
    query = (
        select(SentReferral)
        .where(SentReferral.client_id == client_id, col(SentReferral.status).not_in(("declined", "withdrawn")))
        .order_by(col(SentReferral.created_at).desc())
    )
    return (await session.exec(query)).all()


async def path_of(session: AsyncSession, client_id: UUID, referrals: Sequence[SentReferral]) -> UUID | None:
    """The path the client is on: of their application that goes on, else of the newest of these referrals."""
    query = select(ApplicationRow.path_id).where(
        ApplicationRow.client_id == client_id, col(ApplicationRow.status).in_(open_statuses())
    )
    applied = (await session.exec(query.order_by(col(ApplicationRow.registered_at).desc()).limit(1))).first()
    return applied or (referrals[0].path_id if referrals else None)


async def takes_part(intake: Intake, session: AsyncSession, agency: str, path_id: UUID) -> bool:
    """Whether the caller's institution has sent, registered or received something on this path.

    By its own rows: the node's copy of a path comes a moment after what happened on it.
    """
    sent, registered = (exists().where(col(row.path_id) == path_id) for row in (SentReferral, ApplicationRow))
    own = (await session.exec(select(or_(sent, registered)))).one()
    return own or await intake.received_on(agency, path_id)


def check_one_open(referrals: Sequence[SentReferral], kind: ReferralKind, receiver: str) -> None:
    """Raises Problem 409 with a link to the open referral that stands in the way of another one."""
    twin = open_twin(referrals, kind, receiver)
    if twin is not None:
        raise Problem("already_open", links=[link(twin.id)])


def open_twin(referrals: Sequence[SentReferral], kind: ReferralKind, receiver: str) -> SentReferral | None:
    """An open referral of the same kind, of a service: to the same institution."""
    same = (each for each in referrals if each.kind == kind and (kind != "service" or each.receiver == receiver))
    return next((each for each in same if each.status in OPEN), None)


def link(referral_id: UUID) -> str:
    return f"/api/v1/referrals/{referral_id}"
