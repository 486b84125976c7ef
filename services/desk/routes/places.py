"""Questions on places: asking several institutions at once, and answering others. They name no person."""

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response

from contracts.places import PlaceQuestion, PlaceQuestionPage
from rules.calendar import add_working_days, local_day
from rules.limits import limit
from services.desk.api import Refused
from services.desk.context import At, Desk
from services.desk.forms import Filled, Typed
from services.desk.intake.reading import Reading
from services.desk.language import texts
from services.desk.listing import calls_of, is_passive, query_of
from services.desk.now import now_of
from services.desk.once import once
from services.desk.pages import render
from services.desk.places.questions import askings, line_of, workshop_name
from services.desk.places.whom import whom
from services.desk.visitors import Visitor, Who

router = APIRouter()

Box = Literal["asked", "received"]
Done = Literal["asked", "answered"]

WITH_PLACES = ("cis", "kis")
"""Kinds of institution that are asked more than they ask."""


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message


@router.get("/places")
async def places(
    request: Request,
    desk: At,
    who: Who,
    box: Box | None = None,
    cursor: str | None = None,
    draft: UUID | None = None,
    done: Done | None = None,
) -> Response:
    """What was asked and answered, or what others ask of this institution. `draft`: where one came from."""
    shown: Box = box or ("received" if who.agency.kind in WITH_PLACES else "asked")
    return await _page(request, desk, who, shown, cursor=cursor, draft=draft, done=done)


@router.get("/places/new")
async def new_question(request: Request, desk: At, who: Who, draft: UUID | None = None) -> Response:
    """Whom to ask, and how many places are wanted."""
    return await _form(request, desk, who, draft=draft)


@router.post("/places/new")
async def ask(request: Request, desk: At, who: Who, typed: Filled) -> Response:
    """Ask all of them."""
    draft = typed.identity("draft") if typed.text("draft") else None
    reading = Reading(typed, who.language)
    reading.whole("places")
    reading.day("from_on")
    reading.text("workshop")
    reading.body["receivers"] = typed.all("receivers")
    if not reading.body["receivers"]:
        reading.errors["receivers"] = texts(who.language).gettext(_("Wybierz co najmniej jedną instytucję."))
    if reading.errors:
        return await _form(request, desk, who, draft=draft, typed=typed, errors=reading.errors)

    async def do() -> str:
        await who.calls(desk).post("/place-questions", PlaceQuestionPage, reading.body, key=typed.key)
        return f"/places?{query_of(box='asked', done='asked', draft=draft)}"

    try:
        return await once(desk, who, typed.key, do)
    except Refused as refused:
        if refused.status != 422:
            raise
        errors = {name.partition(".")[0]: said for name, said in refused.fields.items()}
        return await _form(request, desk, who, draft=draft, typed=typed, errors=errors)


@router.post("/places/{question_id}/answer")
async def answer(request: Request, desk: At, who: Who, typed: Filled, question_id: UUID) -> Response:
    """Tell how many places are free."""
    reading = Reading(typed, who.language)
    reading.whole("free")
    reading.day("from_on")
    reading.text("note")
    tried: dict[str, Any] = {"tried": question_id, "typed": typed}
    if reading.errors:
        return await _page(request, desk, who, "received", **tried, errors=reading.errors)

    async def do() -> str:
        await who.calls(desk).post(f"/place-questions/{question_id}/answer", PlaceQuestion, reading.body)
        return "/places?box=received&done=answered"

    try:
        return await once(desk, who, typed.key, do)
    except Refused as refused:
        if refused.status not in (409, 422):
            raise
        return await _page(request, desk, who, "received", **tried, errors=refused.fields, refused=refused)


async def _page(
    request: Request,
    desk: Desk,
    who: Visitor,
    box: Box,
    *,
    cursor: str | None = None,
    draft: UUID | None = None,
    done: Done | None = None,
    tried: UUID | None = None,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    refused: Refused | None = None,
) -> Response:
    """`tried`: the question that could not be answered with what was `typed`."""
    calls = calls_of(request, desk, who)
    page = await calls.get("/place-questions", PlaceQuestionPage, box=box, cursor=cursor)
    today = local_day(await now_of(desk))
    told: dict[str, Any] = {}
    if box == "asked":
        told["askings"] = askings(page.items, desk.directory, today)
    else:
        lines = [line_of(each, each.sender, desk.directory, today) for each in page.items]
        told["waiting"] = sorted(
            (line for line in lines if line.question.answer is None), key=lambda line: line.question.due_on
        )
        told["answered"] = [line for line in lines if line.question.answer is not None]
        told["workshop_name"] = lambda code: workshop_name(desk.directory, code, [who.agency.slug])
    return render(
        request,
        desk,
        who,
        f"places/{box}.html",
        status=200 if errors is None else refused.status if refused else 422,
        block="list" if is_passive(request) else None,
        box=box,
        query=query_of(box=box, cursor=cursor, draft=draft),
        following=page.next,
        draft=draft,
        done=done,
        tried=tried,
        said=refused.title if refused is not None and not errors else None,
        values=typed.values if typed is not None else {},
        errors=errors or {},
        **told,
    )


async def _form(
    request: Request,
    desk: Desk,
    who: Visitor,
    *,
    draft: UUID | None,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    today = local_day(await now_of(desk))
    return render(
        request,
        desk,
        who,
        "places/new.html",
        status=422 if errors else 200,
        whom=whom(desk.directory, who.agency, who.language, today),
        due_on=add_working_days(today, limit("place_answer_working_days", today)),
        draft=draft,
        chosen=typed.all("receivers") if typed else [],
        values=typed.values if typed else {"places": "1"},
        errors=errors or {},
    )
