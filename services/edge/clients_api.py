"""The routes of clients: known, looked for before something is sent, corrected, and put together when they are one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import JSONResponse

from contracts.api import ProblemDocument
from contracts.clients import Candidates, Client, ClientPage, ClientSearch, Known, Merge, MergeWish
from contracts.withdrawals import ClientWithdrawal, WithdrawalCause, WithdrawalWish
from services.edge import api
from services.edge.api import At, version_of
from services.edge.callers import Looking, Who
from services.kit.problems import MEDIA_TYPE, Problem, not_found

router = APIRouter(prefix="/api/v1/clients", responses=api.router.responses)


@router.get("")
async def list_clients(
    desks: At, caller: Who, cursor: Annotated[str | None, Query(max_length=200)] = None
) -> ClientPage:
    """The clients of the caller's institution, newest first."""
    return await desks.clients.page(caller, cursor)


@router.post("/search", responses={429: {"model": ProblemDocument}})
async def search_clients(desks: At, caller: Looking, wanted: ClientSearch) -> Candidates:
    """Who may be this person, best first, with what is open for them. In the body, because addresses are written down
    in many places."""
    return await desks.clients.search(caller, wanted)


@router.get("/{client_id}")
async def show_client(desks: At, caller: Who, response: Response, client_id: UUID) -> Client:
    """One client: what is known of them, their referrals, their household. A merged record shows the one that stays."""
    return _tagged(response, await desks.clients.show(caller, client_id))


@router.put("/{client_id}")
async def correct_client(
    desks: At,
    caller: Who,
    response: Response,
    client_id: UUID,
    known: Known,
    if_match: Annotated[str | None, Header()] = None,
) -> Client:
    """Correct what is known of a client, PESEL and surname too. What was sent stays as it was sent."""
    return _tagged(response, await desks.clients.correct(caller, client_id, known, version_of(if_match)))


@router.post("/{client_id}/withdrawal/preview")
async def preview_withdrawal(desks: At, caller: Who, client_id: UUID, cause: WithdrawalCause) -> ClientWithdrawal:
    """What would be done with everything that goes on for a client if all of it were taken back for this reason."""
    found = await desks.clients.withdrawal(caller, client_id, cause.reason)
    if found is None:
        raise not_found()
    return found


@router.post("/{client_id}/withdrawal", response_model=ClientWithdrawal, responses={412: {"model": ProblemDocument}})
async def withdraw_all(desks: At, caller: Who, client_id: UUID, wish: WithdrawalWish) -> Response:
    """Take back everything that goes on for a client, exactly as the preview with this stamp showed it. When something
    has changed since, nothing is done, and the answer holds the new preview."""
    found = await desks.clients.withdraw(caller, client_id, wish)
    if found is None:
        raise not_found()
    told = found.model_dump(mode="json")
    if found.done:
        return JSONResponse(told)
    problem = Problem("withdrawal_changed")
    return JSONResponse({**problem.body(caller.language), "preview": told}, problem.status, media_type=MEDIA_TYPE)


@router.post("/{client_id}/merge", status_code=201)
async def merge_clients(desks: At, caller: Who, client_id: UUID, wish: MergeWish) -> Merge:
    """Two records are one person: this one becomes part of `into`. For the head; it can be undone."""
    return _found(await desks.clients.merge(caller, client_id, wish))


@router.post("/merges/{merge_id}/undo")
async def undo_merge(desks: At, caller: Who, merge_id: UUID) -> Merge:
    """Two records are two people after all: as before, but what was created meanwhile stays. For the head."""
    return _found(await desks.clients.undo(caller, merge_id))


def _found(merge: Merge | None) -> Merge:
    if merge is None:
        raise not_found()
    return merge


def _tagged(response: Response, client: Client | None) -> Client:
    if client is None:
        raise not_found()
    response.headers["ETag"] = f'"{client.version}"'
    return client
