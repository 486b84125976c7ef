"""The routes of sessions: a person signs in for one of their posts, stays, changes to another post, leaves."""

from typing import Annotated, Any

from fastapi import APIRouter, Header

from contracts.api import ProblemDocument
from contracts.sessions import NewPassword, PostChoice, Session, SignedIn, SignIn
from services.edge import api
from services.edge.api import At
from services.edge.callers import Anyone, Bearer
from services.kit.problems import language_of

router = APIRouter(prefix="/api/v1/session", responses=api.router.responses)

_TRIES: dict[int | str, dict[str, Any]] = {429: {"model": ProblemDocument}}

Wished = Annotated[str | None, Header()]


@router.post("", status_code=201, responses=_TRIES)
async def sign_in(desks: At, wanted: SignIn, accept_language: Wished = None) -> SignedIn:
    """Sign a person in: a bearer token for one role in one institution."""
    return await desks.sessions.sign_in(wanted.login, wanted.password, wanted.post, language_of(accept_language))


@router.get("")
async def show_session(desks: At, token: Bearer, caller: Anyone) -> Session:
    """Who calls, which posts they hold, and until when."""
    return await desks.sessions.current(token, caller.language)


@router.delete("", status_code=204)
async def sign_out(desks: At, token: Bearer) -> None:
    """End the session. An institution's own token stays."""
    await desks.sessions.sign_out(token)


@router.post("/extend")
async def extend_session(desks: At, token: Bearer, caller: Anyone) -> Session:
    """The person is still there: the session goes on, though not beyond `ends_at`."""
    return await desks.sessions.extend(token, caller.language)


@router.post("/switch", status_code=201)
async def switch_post(desks: At, token: Bearer, post: PostChoice, accept_language: Wished = None) -> SignedIn:
    """Another post of the same person: a new token; the old one ends."""
    return await desks.sessions.switch(token, post, language_of(accept_language))


@router.post("/password", status_code=204, responses=_TRIES)
async def change_password(desks: At, token: Bearer, wanted: NewPassword) -> None:
    """Change one's own password, which ends one's other sessions."""
    await desks.sessions.change_password(token, wanted.password, wanted.new_password)
