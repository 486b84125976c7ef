"""The contents of files on their way to a receiver who has accepted: one part, one transaction, one event at a time.

A few parts at most wait in the outbox, so that what is small and urgent never waits behind a large file. A file that
cannot be sent, because it or its referral cannot be read, is put aside for a while: the others go on.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy import bindparam, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts import events
from services.intake.attachments import content_of
from services.intake.attachments_rows import AttachmentRow, HandoverRow
from services.intake.context import Intake
from services.intake.models import SentReferral
from services.kit.database import notify
from services.kit.files import part_context
from services.kit.loops import for_ever
from services.kit.outages import is_down
from services.kit.wake import Bell

log = structlog.get_logger()

CHANNEL = "intake_attachments"
"""The NOTIFY channel on which an acceptance wakes the sending."""

_POLL_SECONDS = 30.0
_FULL_SECONDS = 0.2
_AT_ONCE = 8
"""Parts that may wait to leave: some two megabytes."""

_ORDER = text("""
    insert into attachment_handover (referral_id, attachment_id, agency, next_part, ordered_at)
    select used_by, attachment_id, agency, 1, now() from attachment_use
    where used_by = any (:accepted) and shared and not exists (
        select from request where referral_id = used_by and state = 'pending' and action in ('end_consent', 'void')
    )
    on conflict do nothing
    returning attachment_id
""").bindparams(bindparam("accepted", type_=ARRAY(Uuid)))
_STOP = text("delete from attachment_handover where referral_id = any (:undone)").bindparams(
    bindparam("undone", type_=ARRAY(Uuid))
)
_PUT_ASIDE = text("""
    update attachment_handover
    set attempts = attempts + 1, due_at = now() + interval '1 minute' * power(2, least(attempts, 10))
    where referral_id = :referral and attachment_id = :attachment
    returning attempts
""")
_UNSENT = text("select count(*) from (select from outbox where sent_at is null limit :most) as unsent")


STOPPING = ("end_consent", "void")
"""What the sender asks for that ends the sending of files at once, however long the answer takes."""


async def order(session: AsyncSession, accepted: Sequence[UUID]) -> None:
    """Have the files of these referrals sent, once for each referral and file; not while the sender asks to end it."""
    if accepted and (await session.execute(_ORDER, {"accepted": accepted})).first() is not None:
        await notify(session, CHANNEL)


async def stop(session: AsyncSession, undone: Sequence[UUID]) -> None:
    """Send no more of the files of these referrals: their acceptance was taken back. The receiver lets go of what has
    left; the next acceptance sends all of it again.
    """
    if undone:
        await session.execute(_STOP, {"undone": undone})


async def run(intake: Intake, bell: Bell) -> None:
    """Send for ever; a database that is down only delays it."""

    async def step() -> None:
        while (order := await _oldest(intake)) is not None:
            try:
                sent = await send_part(intake, order)
            except Exception as error:
                if is_down(error):
                    raise
                await _put_aside(intake, order, error)
            else:
                if not sent:
                    await asyncio.sleep(_FULL_SECONDS)
        await bell.wait(_POLL_SECONDS)

    await for_ever("attachments", step)


async def _oldest(intake: Intake) -> HandoverRow | None:
    query = select(HandoverRow).where(col(HandoverRow.due_at) <= func.now()).order_by(col(HandoverRow.ordered_at))
    async with intake.service.database.transaction() as session:
        return (await session.exec(query.limit(1))).first()


async def _put_aside(intake: Intake, order: HandoverRow, error: Exception) -> None:
    """Try this one again later, each time after twice as long, seventeen hours at most."""
    ids = {"referral": order.referral_id, "attachment": order.attachment_id}
    async with intake.service.database.transaction() as session:
        attempts = (await session.execute(_PUT_ASIDE, ids)).scalar_one_or_none()
    told = {name: str(each) for name, each in ids.items()}
    log.error("attachment_put_aside", cause=type(error).__name__, attempts=attempts, **told)


async def send_part(intake: Intake, order: HandoverRow) -> bool:
    """Send the next part of this file; False when it has to wait: too many are under way, or another is at it."""
    async with intake.service.database.transaction(order.agency) as session:
        if (await session.execute(_UNSENT, {"most": _AT_ONCE})).scalar_one() >= _AT_ONCE:
            return False
        mine = (HandoverRow.referral_id == order.referral_id, HandoverRow.attachment_id == order.attachment_id)
        query = select(HandoverRow).where(*mine).with_for_update(skip_locked=True)
        handover = (await session.exec(query)).one_or_none()
        if handover is None:
            return False
        referral = (await session.exec(select(SentReferral).where(SentReferral.id == order.referral_id))).one()
        file = (await session.exec(select(AttachmentRow).where(AttachmentRow.id == order.attachment_id))).one()
        receiver = intake.service.directory.find(referral.receiver)
        if receiver is not None:  # a receiver who left the directory needs nothing any more
            event = await _part(intake, session, referral, file, handover.next_part, receiver.node)
            await intake.service.outbox.publish(session, event, source=referral.agency, targets=[receiver.node])
        if receiver is None or handover.next_part == file.parts:
            await session.delete(handover)
        else:
            handover.next_part += 1
            session.add(handover)
        return True


async def _part(
    intake: Intake, session: AsyncSession, referral: SentReferral, file: AttachmentRow, part: int, node: str
) -> events.AttachmentPart:
    content = await content_of(intake.keyring, session, file.id, part)
    return events.AttachmentPart(
        path_id=referral.path_id,
        version=referral.version,
        at=await intake.service.clock.now(session),
        referral_id=referral.id,
        sender=referral.agency,
        receiver=referral.receiver,
        sealed=intake.keyring.seal(content, to=node, context=part_context(file.id, part)),
        attachment_id=file.id,
        part=part,
        parts=file.parts,
    )
