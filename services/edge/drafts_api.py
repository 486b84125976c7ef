"""The routes of forms: drafts, saved again and again from any device until they are sent or discarded, and what was
sent, to begin another one with."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response

from contracts.api import NewReferral, Referral
from services.edge import api
from services.edge.api import At, shown, version_of
from services.edge.callers import Who
from services.edge.typed import TypedReferral
from services.kit.problems import not_found

router = APIRouter(prefix="/api/v1/referrals", responses=api.router.responses)


@router.get("/{referral_id}/form", response_model_exclude_defaults=True)
async def show_form(desks: At, caller: Who, referral_id: UUID) -> NewReferral:
    """The form of a referral as its sender sent it, with `client_id` in place of the person: to begin another one with
    it, when it was declined."""
    form = await desks.sender.form(caller, referral_id)
    if form is None:
        raise not_found()
    return form


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
