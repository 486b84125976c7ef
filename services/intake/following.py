"""One referral in the place of another: anew after a refusal, or to the institution that the receiver proposed."""

from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import NewReferral
from rules.lifecycle import is_replaceable
from services.intake.context import Intake
from services.intake.models import SentReferral
from services.kit.problems import FieldError, invalid
from services.kit.sealing import unseal

_OF_THE_RECEIVER = ("unit", "preferred_workshop", "edition", "case_mark")
"""What a form names of its receiver, or has from it."""


async def locked(session: AsyncSession, before: UUID | None) -> SentReferral | None:
    """The referral in whose place a new one is to be sent: nobody else changes it until the transaction ends."""
    if before is None:
        return None
    query = select(SentReferral).where(SentReferral.id == before).with_for_update()
    return (await session.exec(query)).one_or_none()


def take_place_of(found: SentReferral | None, client_id: UUID, referral_id: UUID) -> SentReferral:
    """The referral in whose place the new one is sent, which notes that.

    Raises Problem 422: not one of this person, it has not ended or may be opened again, or another one has its place.
    """
    if found is None or found.client_id != client_id or not is_replaceable(found.status):
        raise invalid(FieldError("follows", "follows_unknown"))
    if found.followed_by is not None:
        raise invalid(FieldError("follows", "follows_taken"))
    if found.reopen_asked:
        raise invalid(FieldError("follows", "follows_reopening"))
    found.followed_by = referral_id
    return found


def form_for(intake: Intake, referral: SentReferral, receiver: str) -> NewReferral:
    """What was sent, for another institution, of the same client as they are known by now."""
    form = unseal(intake.keyring, NewReferral, referral.sealed_form, context=referral.id)
    nothing = dict.fromkeys((*_OF_THE_RECEIVER, "client", "path_id"))
    return form.model_copy(
        update={**nothing, "client_id": referral.client_id, "receiver": receiver, "follows": referral.id}
    )
