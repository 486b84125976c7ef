"""Who looks: the person behind the cookie, in the post they are signed in for."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response

from contracts.codes import Language
from contracts.directory import Agency, Directory
from contracts.sessions import PASSIVE, Session
from services.desk.api import Calls, Refused
from services.desk.context import At, Desk
from services.desk.csrf import csrf_of
from services.desk.language import wished


@dataclass(frozen=True)
class Post:
    """An institution and a role in it."""

    agency: Agency
    role: str


@dataclass(frozen=True)
class Visitor:
    """A signed-in person. `token` never leaves the server; `csrf` goes into every form. The session ends in
    `seconds_left` unless they do something."""

    login: str
    name: str
    agency: Agency
    role: str
    posts: tuple[Post, ...]
    seconds_left: int
    token: str
    csrf: str
    language: Language
    passive: bool = False
    """Whether the page asked by itself, told by a change or by the time."""

    def calls(self, desk: Desk) -> Calls:
        """The interface, in this person's name and language."""
        return desk.api.of(self.token, self.language, passive=self.passive)


LIVE = "/live"
"""Where open pages are told of changes."""


class NotSignedIn(Exception):
    """Nobody is, or no longer."""


def cookie_name(node: str) -> str:
    """Nodes on one host share a cookie jar, ports or not."""
    return f"__Host-sciezka-{node}"


def let_in(answer: Response, desk: Desk, token: str) -> None:
    """From now on this browser is the person with this token; until it is closed, or the session ends."""
    answer.set_cookie(cookie_name(desk.node), token, httponly=True, secure=True, samesite="lax", path="/")


def let_out(answer: Response, desk: Desk) -> None:
    """From now on this browser is nobody."""
    answer.delete_cookie(cookie_name(desk.node), httponly=True, secure=True, samesite="lax", path="/")


def is_unasked(request: Request) -> bool:
    """Whether the page asked by itself: it says so, or it follows changes, where a browser lets it say nothing."""
    return PASSIVE in request.headers or request.url.path == LIVE


async def visitor(request: Request, desk: At) -> Visitor:
    """Whoever the cookie names. Raises NotSignedIn."""
    token = request.cookies.get(cookie_name(desk.node))
    if not token:
        raise NotSignedIn
    language, passive = wished(request), is_unasked(request)
    try:
        told = await desk.api.of(token, language, passive=passive).get("/session", Session)
    except Refused as refused:
        if refused.status == 401:
            raise NotSignedIn from None
        raise
    return person(desk.directory, token, told, language, passive=passive)


def person(directory: Directory, token: str, told: Session, language: Language, *, passive: bool = False) -> Visitor:
    """The person of a session. Raises NotSignedIn for an institution's own token, which is nobody's."""
    if told.role is None or told.seconds_left is None:
        raise NotSignedIn
    posts = (Post(found, post.role) for post in told.posts if (found := directory.find(post.agency)))
    return Visitor(
        login=told.login,
        name=told.name,
        agency=directory[told.agency],
        role=told.role,
        posts=tuple(posts),
        seconds_left=told.seconds_left,
        token=token,
        csrf=csrf_of(token, told.login, told.agency, told.role),
        language=language,
        passive=passive,
    )


Who = Annotated[Visitor, Depends(visitor)]
