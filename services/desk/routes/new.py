"""A new referral: whom it is about, looked for before anything is created."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response

from contracts.api import NewReferral, Referral
from contracts.base import Slug
from contracts.clients import Candidates, Client
from rules.lifecycle import states
from services.desk.api import Refused
from services.desk.context import At, Desk
from services.desk.forms import Filled, Typed
from services.desk.new.editor import begun
from services.desk.new.looking import Sought, sought
from services.desk.once import once
from services.desk.pages import render
from services.desk.refresh import learn
from services.desk.visitors import Visitor, Who
from services.desk.wordings import WHY

router = APIRouter()

_PERSON = ("pesel", "given_name", "family_name", "birth_date")
_ELSEWHERE = {"receiver", "unit", "preferred_workshop", "edition", "case_mark", "consent", "kind"}
"""What was told for the one institution that declined; a consent is given for one hand-over."""


@router.get("/referrals/new")
async def new_referral(
    request: Request,
    desk: At,
    who: Who,
    client: UUID | None = None,
    path: UUID | None = None,
    receiver: Slug | None = None,
) -> Response:
    """One field to look for a person; with `client` that person, `path`: which path goes on, `receiver`: to whom."""
    known = None if client is None else await who.calls(desk).get(f"/clients/{client}", Client)
    return _page(request, desk, who, known=known, goes={"path": path, "receiver": receiver})


@router.post("/referrals/new")
async def look_for(
    request: Request, desk: At, who: Who, typed: Filled, hx_request: Annotated[bool, Header()] = False
) -> Response:
    """Who may be this person, with what is open for them; as a part of the page while somebody types."""
    text, goes = typed.text("who") or "", {name: typed.text(name) for name in ("path", "receiver")}
    wanted = sought(text)
    typing = typed.text("typing") is not None
    if typing and not wanted.complete:
        return _page(request, desk, who, text=text, goes=goes, part=True)
    errors, found = await _found(desk, who, wanted)
    return _page(
        request,
        desk,
        who,
        text=text,
        goes=goes,
        wanted=wanted,
        found=found,
        errors=errors,
        status=422 if errors and not hx_request else 200,
        part=hx_request,
    )


@router.post("/referrals/new/begin")
async def begin(desk: At, who: Who, typed: Filled) -> Response:
    """Create the draft, for somebody known or for somebody new."""

    async def do() -> str:
        person = {name: value for name in _PERSON if (value := typed.text(f"client.{name}"))}
        form: dict[str, Any] = {**begun(who.agency), "draft": True}
        if client_id := typed.text("client_id"):
            form["client_id"] = client_id
        else:
            form["client"] = person or {"family_name": None}
        if path := typed.text("path"):
            form["path_id"] = path
        if receiver := desk.directory.find(typed.text("receiver") or ""):
            form["receiver"] = receiver.slug
        return await _create(desk, who, form, typed)

    return await once(desk, who, typed.key, do)


@router.post("/referrals/{referral_id}/again")
async def again(desk: At, who: Who, typed: Filled, referral_id: UUID) -> Response:
    """To somebody else, in its place: a draft with what was sent, on the same path. To the institution that was
    proposed it goes at once where nothing is missing and this person may issue it."""
    calls = who.calls(desk)

    async def do() -> str:
        before = await calls.get(f"/referrals/{referral_id}", Referral)
        await learn(desk, who, before.path_id)  # so that the form knows who declined, however lately
        form = await calls.get(f"/referrals/{referral_id}/form", NewReferral)
        told = form.model_dump(mode="json", exclude_unset=True, exclude=_ELSEWHERE)
        told |= {"path_id": str(before.path_id), "follows": str(referral_id)}
        if receiver := typed.text("receiver"):
            told["receiver"] = receiver
            try:
                return await _send(desk, who, told, f"{typed.key}s")
            except Refused as refused:
                if refused.status not in (403, 409, 422):
                    raise
        return await _create(desk, who, {**told, "draft": True}, typed)

    return await once(desk, who, typed.key, do)


async def _send(desk: Desk, who: Visitor, form: dict[str, Any], key: str) -> str:
    """Without a draft. Raises Refused for what stands in the way."""
    sent = await who.calls(desk).post("/referrals", Referral, form, key=key)
    await learn(desk, who, sent.path_id)
    return f"/referrals/{sent.id}"


async def _create(desk: Desk, who: Visitor, form: dict[str, Any], typed: Typed) -> str:
    created = await who.calls(desk).post("/referrals", Referral, form, key=typed.key)
    return f"/drafts/{created.id}"


async def _found(desk: Desk, who: Visitor, wanted: Sought) -> tuple[dict[str, str], Candidates | None]:
    """What is wrong with the question, at its field; or the answer."""
    try:
        return {}, await who.calls(desk).post("/clients/search", Candidates, wanted.body())
    except Refused as refused:
        if refused.status not in (422, 429):
            raise
        missing = {error.field for error in refused.errors if error.code == "missing"}
        return {"who": "" if missing else next(iter(refused.fields.values()), refused.title)}, None


def _page(
    request: Request,
    desk: Desk,
    who: Visitor,
    *,
    text: str = "",
    goes: Mapping[str, UUID | str | None] | None = None,
    wanted: Sought | None = None,
    found: Candidates | None = None,
    known: Client | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
    part: bool = False,
) -> Response:
    """`goes`: where it goes on and to whom, told before the person is known."""
    return render(
        request,
        desk,
        who,
        "new/parts/found.html" if part else "new/person.html",
        status=status,
        text=text,
        goes={name: told for name, told in (goes or {}).items() if told},
        wanted=wanted,
        found=found,
        known=known,
        errors=errors or {},
        WHY=WHY,
        open_states=[state.code for state in states() if state.open],
    )
