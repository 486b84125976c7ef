"""The routes of accounts: the people of the caller's institution, for its administrator."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Request

from contracts.accounts import (
    Account,
    AccountAction,
    AccountChange,
    AccountPage,
    Admitted,
    Borrowed,
    Colleagues,
    NewAccount,
)
from services.edge import api
from services.edge.accounts import AccountDesk
from services.edge.callers import Administrator, Anyone

router = APIRouter(prefix="/api/v1/accounts", responses=api.router.responses)
colleagues = APIRouter(prefix="/api/v1/colleagues", responses=api.router.responses)


async def _desk(request: Request) -> AccountDesk:
    desk: AccountDesk = request.app.state.desks.accounts
    return desk


At = Annotated[AccountDesk, Depends(_desk)]


@colleagues.get("")
async def list_colleagues(desk: At, caller: Anyone) -> Colleagues:
    """Who works at the caller's institution, and in which units."""
    return await desk.colleagues(caller)


@router.get("")
async def list_accounts(desk: At, caller: Administrator, cursor: UUID | None = None) -> AccountPage:
    """Who may sign in for the caller's institution, and as what."""
    return await desk.page(caller, cursor)


@router.get("/{account_id}")
async def show_account(desk: At, caller: Administrator, account_id: UUID) -> Account:
    """One person of the caller's institution."""
    return await desk.show(caller, account_id)


@router.post("", status_code=201)
async def add_account(desk: At, caller: Administrator, new: NewAccount) -> Admitted:
    """Let a person in. The password in the answer is told this once."""
    return await desk.add(caller, new)


@router.post("/borrowed")
async def borrow_account(desk: At, caller: Administrator, wanted: Borrowed) -> Account:
    """A post for somebody who has an account at another institution of the node."""
    return await desk.borrow(caller, wanted)


@router.post("/{account_id}/actions/{action}")
async def act_on_account(
    desk: At,
    caller: Administrator,
    account_id: UUID,
    action: AccountAction,
    body: Annotated[AccountChange | None, Body()] = None,
) -> Admitted:
    """`disable`, `enable`, `new_password` (in the answer, this once), `rename`, `give_post`, `take_post`."""
    return await desk.act(caller, account_id, action, body or AccountChange())
