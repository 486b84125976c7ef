"""The people of an institution, for its administrator: who may sign in, as what, and who no longer."""

from collections.abc import Sequence
from typing import Any, get_args
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from contracts.accounts import Account, AccountAction, AccountPage, Admitted
from rules.roles import roles, roles_of
from services.desk.api import Calls, Refused
from services.desk.context import At, Desk
from services.desk.forms import Filled
from services.desk.language import texts
from services.desk.once import once
from services.desk.pages import render
from services.desk.visitors import Visitor, Who
from services.kit.collation import in_order

router = APIRouter(prefix="/accounts")

_ADDED = ("login", "name", "role")
_BORROWED = ("login", "role")


@router.get("")
async def list_accounts(request: Request, desk: At, who: Who) -> Response:
    """Everybody, by name; who is shut out comes last."""
    found = await _everybody(who.calls(desk))
    found.sort(key=lambda each: (not _may_sign_in(each), in_order(each.name)))
    return render(request, desk, who, "accounts/list.html", accounts=found, may_sign_in=_may_sign_in)


@router.get("/new")
async def new_account(request: Request, desk: At, who: Who) -> Response:
    return _new(request, desk, who)


@router.post("/new")
async def add_account(request: Request, desk: At, who: Who, form: Filled) -> Response:
    """The answer holds the password, which is kept nowhere: this page is shown once and never stored. The same form
    once more leads to the account, where there is a new password to be had."""
    added: list[Admitted] = []

    async def do() -> str:
        added.append(await who.calls(desk).post("/accounts", Admitted, form.body(*_ADDED)))
        return f"/accounts/{added[0].account.id}"

    try:
        known = await once(desk, who, form.key, do)
    except Refused as refused:
        errors = _worded(who, refused) if refused.fields else {"login": refused.title}
        return _new(request, desk, who, status=refused.status, errors=errors, values=form.values)
    return _password(request, desk, who, added[0], new=True) if added else known


@router.get("/borrow")
async def borrow_page(request: Request, desk: At, who: Who) -> Response:
    return _borrow(request, desk, who)


@router.post("/borrow")
async def borrow(request: Request, desk: At, who: Who, form: Filled) -> Response:
    """A role here for somebody of another institution."""

    async def do() -> str:
        found = await who.calls(desk).post("/accounts/borrowed", Account, form.body(*_BORROWED))
        return f"/accounts/{found.id}"

    try:
        return await once(desk, who, form.key, do)
    except Refused as refused:
        errors = refused.fields or {"login": refused.title}
        return _borrow(request, desk, who, status=refused.status, errors=errors, values=form.values)


@router.get("/{account_id}")
async def show_account(request: Request, desk: At, who: Who, account_id: UUID) -> Response:
    return await _account(request, desk, who, account_id)


@router.post("/{account_id}/{action}")
async def act(request: Request, desk: At, who: Who, account_id: UUID, action: str, form: Filled) -> Response:
    """One action; the answer to a new password is the page that shows it."""
    if action not in get_args(AccountAction):
        raise HTTPException(404)
    calls, address = who.calls(desk), f"/accounts/{account_id}/actions/{action}"
    try:
        done = await calls.post(address, Admitted, form.body("name", "role"))
    except Refused as refused:
        if refused.status == 404:
            raise
        errors = refused.fields or {"account": refused.title}
        return await _account(request, desk, who, account_id, status=refused.status, errors=errors)
    if done.password is not None:
        return _password(request, desk, who, done, new=False)
    return RedirectResponse(f"/accounts/{account_id}", 303)


async def _everybody(calls: Calls) -> list[Account]:
    page = await calls.get("/accounts", AccountPage)
    found = [*page.items]
    while page.next is not None:
        page = await calls.get("/accounts", AccountPage, cursor=page.next)
        found += page.items
    return found


def _may_sign_in(account: Account) -> bool:
    return account.disabled_at is None and bool(account.posts)


def _roles(who: Visitor) -> Sequence[tuple[str, str]]:
    """The roles of this kind of institution, in the order of the rules."""
    known = roles_of(who.agency.kind)
    return [(role.code, role.wording[who.language]) for role in roles().values() if role.code in known]


def _worded(who: Visitor, refused: Refused) -> dict[str, str]:
    """What the interface says of a form's field is for programs where it is about its shape."""
    _ = texts(who.language).gettext
    errors = refused.fields
    if "login" in errors:
        errors["login"] = _("Login to małe litery bez polskich znaków, cyfry, kropki i myślniki, najwyżej 40 znaków.")
    if "name" in errors:
        errors["name"] = _("Podaj imię i nazwisko.")
    if "role" in errors:
        errors["role"] = _("Wybierz rolę.")
    return errors


def _new(request: Request, desk: Desk, who: Visitor, *, status: int = 200, **told: Any) -> Response:
    shown = {"values": {}, "roles": _roles(who), **told}
    return render(request, desk, who, "accounts/new.html", status=status, **shown)


def _borrow(request: Request, desk: Desk, who: Visitor, *, status: int = 200, **told: Any) -> Response:
    shown = {"values": {}, "roles": _roles(who), **told}
    return render(request, desk, who, "accounts/borrow.html", status=status, **shown)


async def _account(
    request: Request, desk: Desk, who: Visitor, account_id: UUID, *, status: int = 200, **told: Any
) -> Response:
    found = await who.calls(desk).get(f"/accounts/{account_id}", Account)
    held = {post.role for post in found.posts}
    home = desk.directory.find(found.home)
    return render(
        request,
        desk,
        who,
        "accounts/account.html",
        status=status,
        account=found,
        home=found.home if home is None else home.name,
        missing=[each for each in _roles(who) if each[0] not in held],
        own=found.login == who.login,
        at_home=found.home == who.agency.slug,
        **told,
    )


def _password(request: Request, desk: Desk, who: Visitor, done: Admitted, *, new: bool) -> Response:
    return render(request, desk, who, "accounts/password.html", account=done.account, password=done.password, new=new)
