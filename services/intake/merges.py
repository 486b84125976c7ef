"""Two records of one person become one, and two again when that was wrong.

Nothing is deleted. The record that is gone leads to the one that is kept; its referrals, drafts and applications change
hands and are remembered. Events on their way know referrals only, so they are not touched.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from contracts.clients import Known, MergeWish
from rules.roles import is_head
from services.intake import belongings, clients, paths
from services.intake.alike import link
from services.intake.applications import people
from services.intake.clients import known_by
from services.intake.context import Intake
from services.intake.knowing import newest, without
from services.intake.models import Client, ClientMerge, ClientVersion
from services.kit.caller import Caller
from services.kit.problems import FieldError, Problem, invalid
from services.kit.sealing import Text, seal, unseal


async def merge(
    intake: Intake, session: AsyncSession, caller: Caller, client_id: UUID, wish: MergeWish
) -> ClientMerge | None:
    """Make this client part of another one; None when it is not the institution's. Raises Problem 403, 409, 422."""
    _check_head(caller)
    gone, kept = await _both(session, client_id, wish.into)
    if gone is None:
        return None
    if kept is None:
        raise invalid(FieldError("into", "client_unknown"))
    before, added = known_by(intake, kept), known_by(intake, gone)
    if None not in (before.person.pesel, added.person.pesel) and before.person.pesel != added.person.pesel:
        raise Problem("merge_two_pesels")
    await _check_open(session, gone, kept)
    now = await intake.service.clock.now(session)
    identity = UUID(int=uuid7().int)
    row = ClientMerge(
        id=identity,
        agency=caller.agency,
        kept=kept.id,
        gone=gone.id,
        kept_version=kept.version,
        moved=await belongings.move(session, of=gone.id, to=kept.id),
        redirected=await _redirect(session, gone.id, kept.id),
        sealed_reason=seal(intake.keyring, Text(text=wish.reason), to=intake.service.node, context=identity),
        merged_by=caller.actor,
        merged_at=now,
    )
    session.add(row)
    await clients.change(intake, session, caller, kept, newest(added, before), now)
    return row


async def undo(intake: Intake, session: AsyncSession, caller: Caller, merge_id: UUID) -> ClientMerge | None:
    """Take the two apart; None when there was no such merge. What was created since stays with the one kept.

    Raises Problem 403; 409 when it was undone already, or when the one kept was merged again since.
    """
    _check_head(caller)
    query = select(ClientMerge).where(ClientMerge.id == merge_id).with_for_update()
    row = (await session.exec(query)).one_or_none()
    if row is None:
        return None
    await belongings.hold(session, row.kept)
    # Whoever has the one kept has those that lead to it.
    kept, gone = await clients.locked(session, row.kept), await clients.locked(session, row.gone)
    if row.undone_at is not None or kept.merged_into is not None:
        raise Problem("merge_not_last", links=[link(kept.merged_into or kept.id)])
    now = await intake.service.clock.now(session)
    await belongings.give_back(session, row.moved, of=kept.id, to=gone.id)
    await _lead(session, [gone.id], None)
    await _lead(session, row.redirected, gone.id)
    row.undone_by, row.undone_at = caller.actor, now
    session.add(row)
    past = await session.get_one(ClientVersion, (kept.id, row.kept_version))
    before = unseal(intake.keyring, Known, past.sealed_known, context=kept.id)
    apart = without(known_by(intake, kept), before, known_by(intake, gone))
    await clients.change(intake, session, caller, kept, apart, now)
    return row


def _check_head(caller: Caller) -> None:
    """Whoever leads looks a second time at what a caseworker found to be one person. Raises Problem 403."""
    if not is_head(caller.roles):
        raise Problem("merge_by_head")


async def _both(session: AsyncSession, gone_id: UUID, kept_id: UUID) -> tuple[Client | None, Client | None]:
    """The records these ids lead to, locked in one order, so that two transactions never wait for each other.

    What belongs to them is locked first, as whoever works on it does. Raises Problem 422.
    """
    gone, kept = await clients.find(session, gone_id), await clients.find(session, kept_id)
    if gone is None or kept is None:
        return gone, kept
    if gone.id == kept.id:
        raise invalid(FieldError("into", "merge_with_itself"))
    both = sorted((gone.id, kept.id))
    await belongings.hold(session, *both)
    for each in both:
        await clients.locked(session, each)
    for record in (gone, kept):
        if record.merged_into is not None:  # by somebody else, while we waited for the lock
            raise Problem("merge_not_last", links=[link(record.merged_into)])
    return gone, kept


async def _check_open(session: AsyncSession, gone: Client, kept: Client) -> None:
    """One person has one open application, and one open referral for one thing: two must be settled first.

    Raises Problem 409.
    """
    theirs = await paths.going_on(session, kept.id)
    for mine in await paths.going_on(session, gone.id):
        twin = paths.open_twin(theirs, mine.kind, mine.receiver) if paths.is_going_on(mine) else None
        if twin is not None:
            raise Problem("merge_both_open", links=[paths.link(twin.id), paths.link(mine.id)])
    applied = [await people.open_of(session, client.id) for client in (kept, gone)]
    if all(applied):
        raise Problem("merge_both_open", links=[people.link(row.id) for rows in applied for row in rows])


async def _redirect(session: AsyncSession, gone: UUID, kept: UUID) -> list[UUID]:
    """The gone record leads to the kept one, and so does whatever led to it."""
    earlier = list((await session.exec(select(Client.id).where(Client.merged_into == gone))).all())
    await _lead(session, [gone, *earlier], kept)
    return earlier


async def _lead(session: AsyncSession, ids: Sequence[UUID], to: UUID | None) -> None:
    for client in (await session.exec(select(Client).where(col(Client.id).in_(ids)))).all():
        client.merged_into = to
        session.add(client)
    await session.flush()
