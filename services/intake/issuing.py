"""A form becomes a referral and is sent, in one transaction: a new one, or one that was a draft."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from contracts.clients import PossibleDuplicate
from contracts.dossier import Dossier
from contracts.ids import case_number
from rules.calendar import local_day
from services.intake import clients, following, notices, paths, sending
from services.intake.context import Intake
from services.intake.forms import Judged
from services.intake.knowing import known_of
from services.intake.models import INTAKE, SentReferral
from services.kit.caller import Caller
from services.kit.sealing import seal

# Built once, and on the table: on the busiest way through a node, building a statement costs more than running it.
_ADD = insert(INTAKE.metadata.tables[SentReferral.__tablename__])


@dataclass(frozen=True)
class Begun:
    """What a referral is known by from its first save on. `path_id`: unless its client has one already."""

    id: UUID
    path_id: UUID
    number: str
    created_at: datetime


@dataclass(frozen=True)
class Issued:
    """A referral that was sent, its full dossier, and other clients who may be the same person."""

    referral: SentReferral
    dossier: Dossier
    alike: tuple[PossibleDuplicate, ...]


def begin(now: datetime) -> Begun:
    """Fresh ids and a number."""
    identity = UUID(int=uuid7().int)
    return Begun(identity, UUID(int=uuid7().int), case_number(identity, local_day(now).year), now)


async def issue(
    intake: Intake,
    session: AsyncSession,
    caller: Caller,
    judged: Judged,
    begun: Begun,
    now: datetime,
    *,
    path_id: UUID | None = None,
    redirected: SentReferral | None = None,
) -> Issued:
    """Send it, unless something stands against that.

    `path_id`: where it belongs, whatever the form says; `redirected`: the referral, locked, that goes on as this one.
    Raises Problem 403, 409, 422.
    """
    new, checked = judged.new, judged.sendable
    before = redirected or await following.locked(session, new.follows)  # before its client, like everybody
    client = await clients.enter(intake, session, caller, known_of(new, checked.person), now)
    earlier = () if client.new else await paths.going_on(session, client.id)
    paths.check_one_open(earlier, checked.kind, new.receiver)
    if redirected is None and new.follows is not None:
        before = following.take_place_of(before, client.id, begun.id)
    path_id = path_id or new.path_id or (before.path_id if before else None)
    if path_id is None and not client.new:
        path_id = await paths.path_of(session, client.id, earlier)
    referral = SentReferral(
        id=begun.id,
        agency=caller.agency,
        client_id=client.id,
        path_id=path_id or begun.path_id,
        number=begun.number,
        receiver=new.receiver,
        kind=checked.kind,
        urgency=new.urgency,
        status="draft",
        version=0,
        custodian=caller.agency,
        sealed_form=seal(intake.keyring, new, to=intake.service.node, context=begun.id),
        created_at=begun.created_at,
        follows=new.follows,
        lineage=[] if redirected is None else [*redirected.lineage, redirected.receiver],
    )
    event = sending.submitted(intake, caller, referral, new, checked.dossier, now)
    with sending.one_open():
        await session.execute(_ADD, referral.model_dump())
    await sending.use_files(intake, session, referral, new)
    await sending.publish(intake, session, referral, event)
    await notices.of_direct_referral(intake, session, referral, checked.person, checked.dossier, now)
    return Issued(referral, checked.dossier, client.alike)
