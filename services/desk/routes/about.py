"""Pages about the desk itself: help, accessibility, language, and what waits at this moment."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from contracts.codes import Language
from rules.accessibility import statement
from rules.roles import administers
from services.desk.addresses import own
from services.desk.colleagues import colleagues
from services.desk.context import At
from services.desk.guests import Guest
from services.desk.language import COOKIE
from services.desk.now import now_of
from services.desk.pages import health_of, render
from services.kit.collation import in_order

router = APIRouter()

_YEAR_SECONDS = 365 * 24 * 3600


@router.get("/help")
async def help_page(request: Request, desk: At, who: Guest) -> Response:
    """What the desk's words and keys mean."""
    return render(request, desk, who, "about/help.html")


@router.get("/problem")
async def problem(
    request: Request,
    desk: At,
    who: Guest,
    page: Annotated[str, Query(max_length=200)] = "",
    number: UUID | None = None,
) -> Response:
    """What to tell, and whom, when something is wrong. `page`: where it was; `number`: the request's, as in the log."""
    people = {} if who is None else await colleagues(who.calls(desk))
    is_admin = who is not None and administers([who.role])
    helpers = [each for each in people.values() if each.active and administers([post.role for post in each.posts])]
    return render(
        request,
        desk,
        who,
        "about/problem.html",
        now=await now_of(desk),
        page=own(page, ""),
        number=number,
        is_admin=is_admin,
        helpers=[] if is_admin else helpers,
    )


@router.get("/accessibility")
async def accessibility(request: Request, desk: At, who: Guest) -> Response:
    """The statement of the institution of whoever looks; to a stranger, whose statements there are."""
    if who is not None:
        return render(request, desk, who, "about/accessibility.html", agency=who.agency, statement=statement())
    here = sorted(
        (agency for agency in desk.directory.agencies if agency.node == desk.node),
        key=lambda agency: in_order(agency.name),
    )
    return render(request, desk, None, "about/statements.html", agencies=here)


@router.get("/accessibility/{slug}")
async def accessibility_of(request: Request, desk: At, who: Guest, slug: str) -> Response:
    """The statement of one institution of this node."""
    agency = desk.directory.find(slug)
    if agency is None or agency.node != desk.node:
        raise HTTPException(404)
    return render(request, desk, who, "about/accessibility.html", agency=agency, statement=statement())


@router.post("/language")
async def choose_language(language: Annotated[Language, Form()], back: Annotated[str, Form()] = "/") -> Response:
    """Changes nothing but how pages are written, so it asks for no proof of where it comes from."""
    answer = RedirectResponse(own(back), 303)
    answer.set_cookie(COOKIE, language, max_age=_YEAR_SECONDS, httponly=True, secure=True, samesite="lax", path="/")
    return answer


@router.get("/state")
async def state(request: Request, desk: At, seen: str = "") -> Response:
    """What waits now, for a page that stands open; nothing (204) when it tells so already."""
    answer = render(request, desk, None, "health.html")
    return Response(status_code=204) if seen == health_of(request).digest else answer
