"""The routes of drafts: saved again and again, from any device, until they are sent or discarded."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response

from contracts.api import Referral
from services.edge import api
from services.edge.api import At, Who, shown, version_of
from services.edge.typed import TypedReferral
from services.kit.problems import not_found

router = APIRouter(prefix="/api/v1/referrals", responses=api.router.responses)


@router.put("/{referral_id}", response_model=Referral)
async def save_draft(
    desks: At,
    caller: Who,
    referral_id: UUID,
    typed: TypedReferral,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Keep another form in place of a draft's, right or not. With `If-Match` a save on another device is not lost."""
    saved = await desks.sender.save(caller, referral_id, typed, version_of(if_match))
    if saved is None:
        raise not_found()
    return shown(saved)


@router.delete("/{referral_id}", status_code=204)
async def discard_draft(
    desks: At, caller: Who, referral_id: UUID, if_match: Annotated[str | None, Header()] = None
) -> None:
    """Discard a draft. What was sent is withdrawn instead."""
    if not await desks.sender.discard(caller, referral_id, version_of(if_match)):
        raise not_found()
