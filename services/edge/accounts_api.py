"""The routes of accounts: the people of the caller's institution, for its administrator."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body

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
from services.edge.api import At
from services.edge.callers import Administrator, Anyone

router = APIRouter(prefix="/api/v1/accounts", responses=api.router.responses)
colleagues = APIRouter(prefix="/api/v1/colleagues", responses=api.router.responses)


@colleagues.get("")
async def list_colleagues(desks: At, caller: Anyone) -> Colleagues:
    """Who works at the caller's institution, or worked there and has an account still, and in which units."""
    return await desks.accounts.colleagues(caller)


@router.get("")
async def list_accounts(desks: At, caller: Administrator, cursor: UUID | None = None) -> AccountPage:
    """Who may sign in for the caller's institution, and as what."""
    return await desks.accounts.page(caller, cursor)


@router.get("/{account_id}")
async def show_account(desks: At, caller: Administrator, account_id: UUID) -> Account:
    """One person of the caller's institution."""
    return await desks.accounts.show(caller, account_id)


@router.post("", status_code=201)
async def add_account(desks: At, caller: Administrator, new: NewAccount) -> Admitted:
    """Let a person in. The password in the answer is told this once."""
    return await desks.accounts.add(caller, new)


@router.post("/borrowed")
async def borrow_account(desks: At, caller: Administrator, wanted: Borrowed) -> Account:
    """A post for somebody who has an account at another institution of the node."""
    return await desks.accounts.borrow(caller, wanted)


@router.post("/{account_id}/actions/{action}")
async def act_on_account(
    desks: At,
    caller: Administrator,
    account_id: UUID,
    action: AccountAction,
    body: Annotated[AccountChange | None, Body()] = None,
) -> Admitted:
    """`disable`, `enable`, `new_password` (in the answer, this once), `rename`, `give_post`, `take_post`."""
    return await desks.accounts.act(caller, account_id, action, body or AccountChange())
