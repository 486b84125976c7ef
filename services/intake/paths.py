"""The path a new referral of a client belongs to, and what is open for them already."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, not_
from sqlmodel import col, exists, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.codes import ReferralKind
from rules.applications import open_statuses
from rules.lifecycle import states
from services.intake.applications.models import ApplicationRow
from services.intake.context import Intake
from services.intake.models import SentReferral
from services.kit.problems import Problem

OPEN = tuple(state.code for state in states() if state.open and state.code not in ("draft", "opinion_pending"))
"""States in which a sent referral goes on, and a second one for the same thing is kept out. Of two that are sent at
once, the unique indexes of the table keep one out: they know the states of before a decision."""


def goes_on() -> ColumnElement[bool]:
    """Of sent referrals those that go on. An accepted application does so at the OPS, which may end it unheard."""
    with_the_ops = and_(col(SentReferral.kind) == "application", col(SentReferral.status) == "accepted")
    return and_(col(SentReferral.status).in_(OPEN), not_(with_the_ops))


def is_going_on(referral: SentReferral) -> bool:
    """The same of one."""
    return referral.status in OPEN and (referral.kind, referral.status) != ("application", "accepted")


async def going_on(session: AsyncSession, client_id: UUID) -> Sequence[SentReferral]:
    """The client's referrals that go on, may be opened again or led to something, newest first."""
    counts = or_(col(SentReferral.status).in_((*OPEN, "completed")), col(SentReferral.reopen_asked))
    query = (
        select(SentReferral)
        .where(SentReferral.client_id == client_id, counts)
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
    """An open referral of the same kind, of a service: to the same institution; or one that was asked to be opened."""
    same = (each for each in referrals if each.kind == kind and (kind != "service" or each.receiver == receiver))
    return next((each for each in same if is_going_on(each) or (each.reopen_asked and each.receiver == receiver)), None)


def link(referral_id: UUID) -> str:
    return f"/api/v1/referrals/{referral_id}"
