"""Two records of one person: put together by the head, and taken apart again when that was wrong."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from contracts.clients import Candidate, Candidates, Client, Merge
from contracts.form import Person
from services.desk.api import Refused
from services.desk.case import person
from services.desk.case.looking import wanted
from services.desk.context import At, Desk
from services.desk.forms import Filled, Typed
from services.desk.once import once
from services.desk.pages import render
from services.desk.visitors import Visitor, Who
from services.desk.wordings import WHY

router = APIRouter()


@router.get("/clients/{client_id}/merge")
async def merge_page(request: Request, desk: At, who: Who, client_id: UUID) -> Response:
    """Which other record may be the same person."""
    client = await who.calls(desk).get(f"/clients/{client_id}", Client)
    return await _page(request, desk, who, client, _like(client.known.person))


@router.post("/clients/{client_id}/merge/search")
async def look_for(request: Request, desk: At, who: Who, typed: Filled, client_id: UUID) -> Response:
    """Another record, looked for by hand."""
    client = await who.calls(desk).get(f"/clients/{client_id}", Client)
    sought = wanted(typed.text("q") or "")
    return await _page(request, desk, who, client, sought.person if sought else None, typed=typed)


@router.post("/clients/{client_id}/merge")
async def merge(request: Request, desk: At, who: Who, typed: Filled, client_id: UUID) -> Response:
    """This record becomes part of the chosen one."""

    async def do() -> str:
        wish = {"into": typed.text("into"), "reason": typed.text("reason")}
        merged = await who.calls(desk).post(f"/clients/{client_id}/merge", Merge, wish)
        return f"/clients/{merged.kept}"

    try:
        return await once(desk, who, typed.key, do)
    except Refused as refused:
        if refused.status not in (409, 422):
            raise
        client = await who.calls(desk).get(f"/clients/{client_id}", Client)
        return await _page(request, desk, who, client, _like(client.known.person), typed=typed, refused=refused)


@router.post("/clients/{client_id}/merges/{merge_id}/undo")
async def undo(desk: At, who: Who, typed: Filled, client_id: UUID, merge_id: UUID) -> Response:
    """The two are two people after all; the page of the one that was gone opens."""

    async def do() -> str:
        undone = await who.calls(desk).post(f"/clients/merges/{merge_id}/undo", Merge)
        return f"/clients/{undone.gone}"

    return await once(desk, who, typed.key, do)


def _like(known: Person) -> dict[str, str] | None:
    """What to look for: names, and the birth date where it is known."""
    if known.birth_date is None:
        return {"name": person.called(known.given_name, known.family_name)}
    return {
        "given_name": known.given_name,
        "family_name": known.family_name,
        "birth_date": known.birth_date.isoformat(),
    }


async def _page(
    request: Request,
    desk: Desk,
    who: Visitor,
    client: Client,
    sought: dict[str, str] | None,
    *,
    typed: Typed | None = None,
    refused: Refused | None = None,
) -> Response:
    said = refused.title if refused and not refused.fields else None
    found: tuple[Candidate, ...] = ()
    if sought is not None:
        try:
            found = (await who.calls(desk).post("/clients/search", Candidates, sought)).items
        except Refused as objection:
            if objection.status not in (422, 429):
                raise
            said = next(iter(objection.fields.values()), objection.title)
    return render(
        request,
        desk,
        who,
        "case/merge.html",
        status=refused.status if refused else 200,
        client=client,
        found=[each for each in found if each.client_id != client.id],
        errors=refused.fields if refused else {},
        values=typed.values if typed else {},
        said=said,
        WHY=WHY,
    )
