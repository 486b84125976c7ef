"""How the road between nodes is, for administrators: numbers, delays, what waits for a decision. No case, no person."""

from functools import partial
from typing import Any, get_args
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from contracts.road import Road
from contracts.worklist import DeadLetterDetail, DeadLetterPage, Wish
from services.desk.api import Refused
from services.desk.context import At, Desk
from services.desk.forms import Filled
from services.desk.language import texts
from services.desk.once import once
from services.desk.pages import render
from services.desk.road import carried, place
from services.desk.visitors import Visitor, Who
from services.kit.causes import ALARMS, cause_in, code_of

router = APIRouter(prefix="/operator")


@router.get("")
async def road(request: Request, desk: At, who: Who, cursor: str | None = None) -> Response:
    """The links of this node and what came along them and could not be handled."""
    calls = who.calls(desk)
    return render(
        request,
        desk,
        who,
        "operator/road.html",
        road=await calls.get("/road", Road),
        letters=await calls.get("/dead-letters", DeadLetterPage, cursor=cursor),
        told=alarm_told(who),
        **_in_words(desk, who),
    )


@router.get("/letters/{letter_id}")
async def show_letter(request: Request, desk: At, who: Who, letter_id: UUID) -> Response:
    return await _letter(request, desk, who, letter_id)


@router.post("/letters/{letter_id}/{action}")
async def decide(request: Request, desk: At, who: Who, letter_id: UUID, action: str, form: Filled) -> Response:
    """Try again once the cause is mended, or give the event up with a reason."""
    if action not in get_args(Wish):
        raise HTTPException(404)

    async def do() -> str:
        await who.calls(desk).post(f"/dead-letters/{letter_id}/actions/{action}", DeadLetterDetail, form.body("reason"))
        return f"/operator/letters/{letter_id}"

    try:
        done: RedirectResponse = await once(desk, who, form.key, do)
    except Refused as refused:
        if refused.status == 404:
            raise
        errors = _worded(who, refused)
        return await _letter(request, desk, who, letter_id, status=refused.status, errors=errors, values=form.values)
    return done


def alarm_told(who: Visitor) -> dict[str, str]:
    """What is wrong between the two ends of a link, by kind."""
    _ = texts(who.language).gettext
    causes = {code: cause_in(code, who.language).sentence for code in map(code_of, ALARMS)}
    return {
        **causes,
        "chain_differs": _("Oba końce zapisały pod tym samym numerem co innego."),
        "reader_ahead": _("Odbiorca ma więcej, niż nadawca kiedykolwiek ponumerował."),
        "cannot_replay": _("Odbiorca prosi o zdarzenie, którego treści już nie ma."),
    }


def _worded(who: Visitor, refused: Refused) -> dict[str, str]:
    _ = texts(who.language).gettext
    if "reason" in refused.fields:
        return {"reason": _("Podaj powód, od 3 do 500 znaków.")}
    return refused.fields or {"letter": refused.title}


def _in_words(desk: Desk, who: Visitor) -> dict[str, Any]:
    """How the page names a node and what goes along a link."""
    return {
        "place": partial(place, desk.directory, language=who.language),
        "carried": partial(carried, language=who.language),
    }


async def _letter(
    request: Request, desk: Desk, who: Visitor, letter_id: UUID, *, status: int = 200, **told: Any
) -> Response:
    found = await who.calls(desk).get(f"/dead-letters/{letter_id}", DeadLetterDetail)
    shown = {"letter": found, "values": {}, **_in_words(desk, who), **told}
    return render(request, desk, who, "operator/letter.html", status=status, **shown)
