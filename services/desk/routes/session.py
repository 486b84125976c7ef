"""While somebody is signed in: the session goes on, changes to another post, or ends; the password changes."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from contracts.sessions import Session
from services.desk import waiting
from services.desk.api import Refused
from services.desk.context import At
from services.desk.forms import Filled
from services.desk.guests import Guest
from services.desk.language import texts
from services.desk.pages import render
from services.desk.routes.signing_in import in_post, offered, start_of
from services.desk.visitors import Post, Who, let_in, let_out

router = APIRouter()

_LEAVES_NOTHING = {"Clear-Site-Data": '"cache"'}
"""Not the cookies: other nodes of the same host have theirs in the same jar. Nor the storage: in it is only whether
single keys work on this computer."""


@router.get("/stay")
async def seconds_left(who: Guest) -> Response:
    """For the page that warns before the session ends, and asks by itself (`Sciezka-Passive`). 0: it has ended."""
    return JSONResponse({"left": who.seconds_left if who else 0})


@router.post("/stay")
async def stay(request: Request, desk: At, who: Who, form: Filled) -> Response:
    """The person is still there."""
    told = await who.calls(desk).post("/session/extend", Session)
    if request.headers.get("accept", "").startswith("application/json"):
        return JSONResponse({"left": told.seconds_left})
    return RedirectResponse(start_of(who.role), 303)


@router.post("/switch")
async def switch(request: Request, desk: At, who: Who, form: Filled) -> Response:
    """Another post of the same person; with a form that was begun there, on to that form."""
    agency = desk.directory.find(form.text("agency") or "")
    if agency is None:
        return RedirectResponse(start_of(who.role), 303)
    post = Post(agency, form.text("role") or "")
    there = await in_post(desk, who, post)
    kept = waiting.carried(form.text(waiting.WAITING) or "")
    answer = offered(request, desk, there, kept, post) if kept else RedirectResponse(start_of(there.role), 303)
    let_in(answer, desk, there.token)
    return answer


@router.post("/sign-out")
async def sign_out(desk: At, who: Who, form: Filled) -> Response:
    """The session ends here and at the interface."""
    await who.calls(desk).delete("/session")
    answer = RedirectResponse("/signed-out", 303)
    let_out(answer, desk)
    return answer


@router.get("/signed-out")
async def signed_out(request: Request, desk: At) -> Response:
    """Nothing of the work stays in this browser."""
    return render(request, desk, None, "signing_in/signed_out.html", headers=_LEAVES_NOTHING)


@router.get("/password")
async def password_page(request: Request, desk: At, who: Who) -> Response:
    return render(request, desk, who, "signing_in/password.html", done=False)


@router.post("/password")
async def change_password(request: Request, desk: At, who: Who, form: Filled) -> Response:
    """One's own choice. The new one is typed once: it can be shown, and pasted."""
    old, new = (form.fields.get(name, [""])[-1] for name in ("password", "new_password"))
    try:
        wish = {"password": old, "new_password": new}
        await who.calls(desk).raw("POST", "/session/password", json=wish)
    except Refused as refused:
        _ = texts(who.language).gettext
        errors = refused.fields or {"password": refused.title}
        if "new_password" in errors:
            errors["new_password"] = _("Nowe hasło musi mieć od 12 do 200 znaków.")
        return render(request, desk, who, "signing_in/password.html", status=refused.status, errors=errors, done=False)
    return render(request, desk, who, "signing_in/password.html", done=True)
