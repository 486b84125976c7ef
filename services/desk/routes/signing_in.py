"""Signing in, and what becomes of a form that was sent when nobody was signed in."""

import json
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from contracts.sessions import PostChoice, SignedIn
from rules.roles import administers
from services.desk import faults, waiting
from services.desk.addresses import own
from services.desk.api import Refused
from services.desk.context import At, Desk
from services.desk.forms import Foreign, Typed, read
from services.desk.language import wished
from services.desk.pages import render
from services.desk.visitors import Post, Visitor, let_in, person
from services.desk.ways import LoginAndPassword, SignInWay

router = APIRouter()

WAY: SignInWay = LoginAndPassword()


async def ask_to_sign_in(request: Request, error: Any) -> Response:
    """Instead of a page, to somebody who is not signed in, or no longer. What they typed waits in the page they see."""
    if "hx-request" in request.headers:  # a part of a page; the page itself says what has happened (session.js)
        return Response(status_code=401)
    if request.method == "GET":
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/sign-in?next={quote(request.url.path + query)}", 303)
    kept = waiting.waiting(request, await _read(request))
    return _asked(request, request.app.state.desk, status=401, kept=kept, over=True)


async def not_of_this_session(request: Request, error: Any) -> Response:
    """A form of an earlier session, sent by somebody who has signed in again: they are asked whether it still holds."""
    assert isinstance(error, Foreign)
    kept = waiting.waiting(request, error.given)
    post = kept.post_of(error.who) if kept else None
    if kept is None or post is None:
        return await faults.foreign(request, error)
    if "hx-request" in request.headers:  # a part of a page, which is still there with what was typed
        return _proof(error.who) if _is_in(error.who, post) else Response(status_code=409)
    return offered(request, request.app.state.desk, error.who, kept, post)


def _is_in(who: Visitor, post: Post) -> bool:
    return (post.agency.slug, post.role) == (who.agency.slug, who.role)


def _proof(who: Visitor) -> Response:
    """What makes the forms of that page hold again (saving.js)."""
    return Response(status_code=409, headers={"HX-Trigger": json.dumps({"proof": {"value": who.csrf}})})


def offered(request: Request, desk: Desk, who: Visitor, kept: waiting.Waiting, post: Post) -> Response:
    """The form once more, to be sent with one click; begun in another post, after a change to that one."""
    return render(request, desk, who, "signing_in/again.html", kept=kept, post=post)


def start_of(role: str) -> str:
    """Where the day begins for somebody in this role."""
    return "/accounts" if administers([role]) else "/work"


@router.get("/sign-in")
async def sign_in_page(
    request: Request, desk: At, following: Annotated[str, Query(alias="next", max_length=500)] = ""
) -> Response:
    return _asked(request, desk, following=following)


@router.post("/sign-in")
async def sign_in(request: Request, desk: At) -> Response:
    """Let a person in. A page of somebody else cannot sign anybody in unnoticed."""
    given = await _read(request)
    typed = {name: given.fields.get(name, [""])[-1] for name in WAY.fields}
    kept = waiting.carried(given.text(waiting.WAITING) or "")
    following = given.text("next") or ""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return _asked(request, desk, following=following, login=typed["login"])
    try:
        signed = await WAY.proved(desk, wished(request), typed)
    except Refused as refused:
        return _asked(
            request,
            desk,
            status=refused.status,
            kept=kept,
            following=following,
            login=typed["login"],
            said=refused.title,
        )
    who = person(desk.directory, signed.token, signed, wished(request))
    post = kept.post_of(who) if kept else None
    if kept is None or post is None:
        answer: Response = RedirectResponse(own(following, start_of(who.role)), 303)
    else:
        who = await in_post(desk, who, post)
        answer = offered(request, desk, who, kept, post)
    let_in(answer, desk, who.token)
    return answer


async def in_post(desk: Desk, who: Visitor, post: Post) -> Visitor:
    """The same person in this post of theirs. Raises Refused."""
    if _is_in(who, post):
        return who
    wish = PostChoice(agency=post.agency.slug, role=post.role)
    signed = await who.calls(desk).post("/session/switch", SignedIn, wish)
    return person(desk.directory, signed.token, signed, who.language)


@router.post("/sign-in/filled")
async def filled(request: Request, desk: At) -> Response:
    """The page with a demo person's login and password filled in, from the landing page of a training stack."""
    if not desk.training:
        raise HTTPException(404)
    given = await _read(request)
    return _asked(request, desk, login=given.text("login") or "", password=given.text("password") or "")


async def _read(request: Request) -> Typed:
    """The form of this request; its files are not kept, so they are closed at once."""
    given = await read(request)
    await given.close()
    return given


def _asked(request: Request, desk: Desk, *, status: int = 200, **told: Any) -> Response:
    shown = {"login": "", "password": "", "said": None, "kept": None, "following": "", "over": False, **told}
    return render(request, desk, None, WAY.template, status=status, **shown)
