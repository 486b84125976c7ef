"""The page of a referral, the same for both sides, and what may be done there."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from contracts.api import Referral
from services.desk.api import Refused
from services.desk.case import done as after
from services.desk.case.asking import body_of
from services.desk.case.view import view_of
from services.desk.context import At, Desk
from services.desk.forms import Filled, Typed
from services.desk.once import once
from services.desk.pages import render
from services.desk.refresh import learn
from services.desk.visitors import Visitor, Who

router = APIRouter()
log = structlog.get_logger()


@router.get("/referrals/{referral_id}")
async def referral(
    request: Request, desk: At, who: Who, referral_id: UUID, done: str | None = None, at: int | None = None
) -> Response:
    """One referral; `done`: what was just done, which led to the version `at`. A draft has a page of its own."""
    found = await who.calls(desk).get(f"/referrals/{referral_id}", Referral)
    if found.status in ("draft", "opinion_pending"):
        return RedirectResponse(f"/drafts/{found.id}", 303)
    return await _page(request, desk, who, found, done=after.words(found, done, at))


@router.get("/referrals/{referral_id}/state")
async def state(
    request: Request,
    desk: At,
    who: Who,
    referral_id: UUID,
    seen: Annotated[int, Query(ge=0)],
    stamp: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """The parts of the page that tell how things stand, once the referral or its path is no longer as `stamp` says;
    nothing is typed in them. `seen`: the version of the referral for which the rest of the page was made."""
    view = await view_of(desk, who, await who.calls(desk).get(f"/referrals/{referral_id}", Referral))
    if view.stamp == stamp:
        return Response(status_code=204)
    return render(request, desk, who, "case/referral.html", block="state", view=view, seen=seen, apart=True)


@router.post("/referrals/{referral_id}/actions/{action}")
async def act(request: Request, desk: At, who: Who, typed: Filled, referral_id: UUID, action: str) -> Response:
    """Do it; what is refused comes back to the page with what was typed."""

    async def do() -> str:
        changed = await who.calls(desk).post(
            f"/referrals/{referral_id}/actions/{action}", Referral, body_of(typed, action), if_match=typed.version
        )
        await learn(desk, who, changed.path_id)
        return after.address(changed, action)

    try:
        return await once(desk, who, typed.key, do)
    except Refused as refused:
        if refused.status not in (403, 409, 412, 422):
            raise
        found = await who.calls(desk).get(f"/referrals/{referral_id}", Referral)
        return await _page(request, desk, who, found, refused=refused, typed=typed, tried=action)


@router.post("/referrals/{referral_id}/pesel")
async def show_pesel(request: Request, desk: At, who: Who, typed: Filled, referral_id: UUID) -> Response:
    """The page with the whole PESEL on it, which is noted."""
    found = await who.calls(desk).get(f"/referrals/{referral_id}", Referral)
    log.info("pesel_shown", login=who.login, agency=who.agency.slug, referral_id=str(referral_id))
    return await _page(request, desk, who, found, with_pesel=True)


@router.get("/referrals/{referral_id}/attachments/{attachment_id}")
async def attachment(desk: At, who: Who, referral_id: UUID, attachment_id: UUID) -> Response:
    """A file of the referral, as the interface hands it out; it notes who opened it."""
    answer = await who.calls(desk).raw("GET", f"/referrals/{referral_id}/attachments/{attachment_id}/content")
    headers = {name: answer.headers[name] for name in ("content-disposition", "content-type")}
    return Response(answer.content, headers=headers)


async def _page(
    request: Request,
    desk: Desk,
    who: Visitor,
    found: Referral,
    *,
    refused: Refused | None = None,
    typed: Typed | None = None,
    tried: str | None = None,
    with_pesel: bool = False,
    done: str | None = None,
) -> Response:
    """`tried`: the action that was refused; `said`: why, when it is about no single field; `done`: what was done."""
    errors = {f"{tried}.{field}": said for field, said in refused.fields.items()} if refused is not None else {}
    return render(
        request,
        desk,
        who,
        "case/referral.html",
        status=refused.status if refused is not None else 200,
        view=await view_of(desk, who, found),
        errors=errors,
        values=typed.values if typed is not None else {},
        tried=tried,
        said=refused.title if refused is not None and not errors else None,
        changed=refused is not None and refused.status == 412,
        seen=found.version,
        apart=False,
        done=done,
        with_pesel=with_pesel,
    )
