"""A form that was sent when its session was over: kept in the page itself, and offered to its person again.

Only what the browser vouches for as sent by a page of ours (`Sec-Fetch-Site`) is kept: whatever a stranger's page sends
is not offered to anybody.
"""

from fastapi import Request
from pydantic import ValidationError

from contracts.base import Told
from services.desk.csrf import FIELD, owner_of, told_owner
from services.desk.forms import Typed
from services.desk.visitors import Post, Visitor

WAITING = "_waiting"
"""The field in which a page carries such a form."""


class Waiting(Told):
    """Where it was sent, in whose name (csrf.owner_of), and what was typed. Files and passwords are not kept."""

    to: str
    owner: str
    fields: tuple[tuple[str, str], ...]
    files: bool

    def post_of(self, who: Visitor) -> Post | None:
        """The post of this person in which it was begun; None when it is not theirs."""
        posts = (post for post in who.posts if owner_of(who.login, post.agency.slug, post.role) == self.owner)
        return next(posts, None)


def is_own(request: Request) -> bool:
    """Whether a page of ours sent this."""
    return request.headers.get("sec-fetch-site") == "same-origin"


def waiting(request: Request, given: Typed) -> Waiting | None:
    """The form of this request; None when no page of ours sent it."""
    if not is_own(request):
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    return Waiting(
        to=f"{request.url.path}{query}",
        owner=told_owner(given.fields.get(FIELD, [""])[-1]),
        fields=tuple(
            (name, value)
            for name, values in given.fields.items()
            for value in values
            if name != FIELD and "password" not in name
        ),
        files=bool(given.uploads),
    )


def carried(told: str) -> Waiting | None:
    """The form that a page carried."""
    if not told:
        return None
    try:
        return Waiting.model_validate_json(told)
    except ValidationError:
        return None
