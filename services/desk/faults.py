"""What a person sees when something is refused or broken: what happened, and what became of what they typed."""

from typing import Any

from fastapi import Request, Response

from services.desk.api import Refused, Unreachable
from services.desk.context import Desk
from services.desk.forms import Typed
from services.desk.guests import guest
from services.desk.headers import HEADERS
from services.desk.pages import render
from services.desk.visitors import Visitor

PAGES = (400, 403, 404, 405, 409, 412, 413, 422, 429, 500, 503)

_WORTH_KEEPING = 12
"""Letters from which on something typed is given back: shorter ones are typed again sooner than found and copied."""


async def refused(request: Request, error: Any) -> Response:
    """A refusal that no page expected."""
    return await _page(request, error.status, error.title)


async def unreachable(request: Request, error: Any) -> Response:
    """No answer from the interface: whether something was done is not known."""
    return await _page(request, 503)


async def foreign(request: Request, error: Any) -> Response:
    """The form was made for another session."""
    return await _page(request, 403)


async def invalid_address(request: Request, error: Any) -> Response:
    """An address with an id that cannot be one."""
    return await _page(request, 404)


async def http_fault(request: Request, error: Any) -> Response:
    """No such page, or not by this method."""
    return await _page(request, error.status_code)


async def broken(request: Request, error: Any) -> Response:
    """A fault of ours; the error itself goes on, into the log. What answers then stands around everything else."""
    answer = await _page(request, 500)
    answer.headers.update(HEADERS)
    return answer


async def _page(request: Request, status: int, title: str | None = None) -> Response:
    """The page of this status; `title`: what the interface said about it, in the person's language."""
    desk: Desk = request.app.state.desk
    shown = status if status in PAGES else 500
    who = await _who(request, desk) if status < 500 else None
    return render(request, desk, who, f"errors/{shown}.html", status=status, said=title, typed=_typed(request))


async def _who(request: Request, desk: Desk) -> Visitor | None:
    """Whoever looks, so that the way on is around the page; nobody while that cannot be asked."""
    try:
        return await guest(request, desk)
    except (Refused, Unreachable):
        return None


def _typed(request: Request) -> list[str]:
    """The longer texts of the form that was sent, for copying; never a password."""
    form: Typed | None = getattr(request.state, "typed", None)
    if form is None:
        return []
    return [value for name, value in form.values.items() if len(value) >= _WORTH_KEEPING and "password" not in name]
