"""Everything that goes on for a client taken back at once: why, what would happen, and doing exactly that."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from contracts.clients import Client
from contracts.withdrawals import ClientWithdrawal, WithdrawalCause, WithdrawalWish
from rules.withdrawal import causes
from services.desk.api import Refused
from services.desk.case import person
from services.desk.case.withdrawing import lines
from services.desk.context import At, Desk
from services.desk.forms import Filled
from services.desk.once import once
from services.desk.pages import render
from services.desk.visitors import Visitor, Who

router = APIRouter()


@router.get("/clients/{client_id}/withdrawal")
async def choose_reason(request: Request, desk: At, who: Who, client_id: UUID) -> Response:
    """For which reason."""
    return await _page(request, desk, who, client_id)


@router.post("/clients/{client_id}/withdrawal/preview")
async def preview(request: Request, desk: At, who: Who, typed: Filled, client_id: UUID) -> Response:
    """What would happen. The reason tells of the person, so it stays out of the address."""
    return await _page(request, desk, who, client_id, reason=typed.text("reason"), chosen=True)


@router.post("/clients/{client_id}/withdrawal/all")
async def withdraw(request: Request, desk: At, who: Who, typed: Filled, client_id: UUID) -> Response:
    """Do what the preview showed; when it would be something else by now, nothing, and that is shown."""
    reason = typed.text("reason")

    async def do() -> str:
        wish = WithdrawalWish(reason=reason or "", stamp=typed.text("stamp") or "")
        await who.calls(desk).post(f"/clients/{client_id}/withdrawal", ClientWithdrawal, wish)
        return f"/clients/{client_id}?done=withdrawn"

    try:
        return await once(desk, who, typed.key, do)
    except Refused as refused:
        if refused.status != 412:
            raise
        return await _page(request, desk, who, client_id, reason=reason, chosen=True, said=refused.title)


async def _page(
    request: Request,
    desk: Desk,
    who: Visitor,
    client_id: UUID,
    *,
    reason: str | None = None,
    chosen: bool = False,
    said: str | None = None,
) -> Response:
    """`chosen`: a reason was asked for; `said`: why nothing was done."""
    calls = who.calls(desk)
    client = await calls.get(f"/clients/{client_id}", Client)
    found = None
    if reason in causes():
        cause = WithdrawalCause(reason=reason)
        found = await calls.post(f"/clients/{client_id}/withdrawal/preview", ClientWithdrawal, cause)
    known = client.known.person
    return render(
        request,
        desk,
        who,
        "case/withdrawal.html",
        status=412 if said else 422 if chosen and found is None else 200,
        client=client,
        name=person.called(known.given_name, known.family_name),
        reasons=[(code, cause.wording[who.language]) for code, cause in causes().items()],
        reason=reason,
        preview=found,
        lines=lines(found, desk.directory, who.language) if found else [],
        lacks_reason=chosen and found is None,
        said=said,
    )
