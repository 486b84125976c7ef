"""The routes under `/api/v1`. `intake` serves the sender's side and `referral` the receiver's; here the caller's
institution picks between them, also when both are in one node."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, Protocol
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Header, Query, Request, Response

from contracts.api import (
    ActionBody,
    DuePage,
    NewReferral,
    NotificationPage,
    Path,
    ProblemDocument,
    Referral,
    ReferralPage,
)
from contracts.base import Code
from contracts.codes import Status
from contracts.receipts import HandoverReceipt
from contracts.rulebook import Rulebook
from services.edge.accounts import AccountDesk
from services.edge.callers import Who
from services.edge.connections import ConnectionsDesk
from services.edge.dead_letters import DeadLetterDesk
from services.edge.imports import Imports
from services.edge.institutions import InstitutionsDesk
from services.edge.protocols import (
    ApplicationDesk,
    AskedPlaces,
    ClientDesk,
    NoticeBox,
    PlacesToTell,
    ReceivedBox,
    ReceiverDesk,
)
from services.edge.road import RoadDesk
from services.edge.sessions import Sessions
from services.edge.tokens import Tokens
from services.edge.typed import TypedReferral
from services.edge.work import WorkDesk
from services.kit.caller import Caller
from services.kit.files import ReceivedFiles, Uploads
from services.kit.problems import FieldError, invalid, not_found
from services.kit.sides import Side


class SendingSide(Side, Protocol):
    """The side that can also create, and that holds the receipts."""

    async def create(self, caller: Caller, typed: Mapping[str, Any], key: str | None) -> Referral: ...

    async def save(
        self, caller: Caller, referral_id: UUID, typed: Mapping[str, Any], expected: int | None
    ) -> Referral | None: ...

    async def discard(self, caller: Caller, referral_id: UUID, expected: int | None) -> bool: ...

    async def form(self, caller: Caller, referral_id: UUID) -> NewReferral | None: ...

    async def receipt(self, caller: Caller, referral_id: UUID) -> HandoverReceipt | None: ...


class ReceivingSide(Side, Protocol):
    """The side whose inbox can be narrowed to a unit, or to what is the caller's own."""

    async def page(
        self, caller: Caller, status: Status | None, cursor: str | None, *, unit: str | None = None, mine: bool = False
    ) -> ReferralPage: ...


class Paths(Protocol):
    """The node's copy of paths."""

    async def path(self, caller: Caller, path_id: UUID) -> Path | None: ...

    async def deadlines(
        self, caller: Caller, *, due_before: datetime | None, moved: bool, cursor: str | None
    ) -> DuePage: ...

    async def rules(self, caller: Caller, day: date | None) -> Rulebook: ...

    async def notifications(self, caller: Caller, cursor: str | None) -> NotificationPage: ...


@dataclass(frozen=True)
class Desks:
    """What the routes call: hung on the application by the composition."""

    tokens: Tokens
    sessions: Sessions
    accounts: AccountDesk
    road: RoadDesk
    connections: ConnectionsDesk
    sender: SendingSide
    receiver: ReceivingSide
    paths: Paths
    dead_letters: DeadLetterDesk
    clients: ClientDesk
    institutions: InstitutionsDesk
    receivers: ReceiverDesk
    imports: Imports
    attachments: Uploads
    received_files: ReceivedFiles
    applications: ApplicationDesk
    given_notices: NoticeBox
    received_notices: ReceivedBox
    asked_places: AskedPlaces
    places_to_tell: PlacesToTell
    work: WorkDesk


async def _desks(request: Request) -> Desks:  # a plain function would be called in a thread of its own
    desks: Desks = request.app.state.desks
    return desks


At = Annotated[Desks, Depends(_desks)]
_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemDocument, "description": description}
    for status, description in {
        401: "No valid token",
        403: "Not for this role",
        404: "Not there, or not yours",
        409: "Not possible now",
        422: "Fields to correct",
    }.items()
}
router = APIRouter(prefix="/api/v1", responses=_REFUSALS)


@router.post("/referrals", status_code=201, response_model=Referral)
async def create_referral(
    desks: At,
    caller: Who,
    typed: TypedReferral,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
) -> Response:
    """Create a referral and send it. With `draft` only keep what was typed, right or not: a receiver or a client is
    enough, and the answer lists what is missing."""
    created = await desks.sender.create(caller, typed, idempotency_key)
    return shown(created, 201, {"Location": f"/api/v1/referrals/{created.id}"})


@router.get("/referrals")
async def list_referrals(
    desks: At,
    caller: Who,
    box: Literal["inbox", "sent"] = "inbox",
    status: Status | None = None,
    unit: Code | None = None,
    mine: bool = False,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> ReferralPage:
    """Received or sent referrals, newest first; of the received ones also only those of a unit, or the caller's own."""
    if box == "inbox":
        return await desks.receiver.page(caller, status, cursor, unit=unit, mine=mine)
    wrong = [name for name, told in (("unit", unit is not None), ("mine", mine)) if told]
    if wrong:
        raise invalid(*(FieldError(name, "only_inbox") for name in wrong))
    return await desks.sender.page(caller, status, cursor)


@router.get("/referrals/{referral_id}", response_model=Referral)
async def show_referral(desks: At, caller: Who, referral_id: UUID) -> Response:
    """One referral, as the caller's institution may see it."""
    for side in (desks.receiver, desks.sender):
        found = await side.show(caller, referral_id)
        if found is not None:
            return shown(found)
    raise not_found()


@router.get("/referrals/{referral_id}/receipt")
async def show_receipt(desks: At, caller: Who, referral_id: UUID) -> HandoverReceipt:
    """That the receiver's node has the referral in its database, in words that node has signed."""
    found = await desks.sender.receipt(caller, referral_id)
    if found is None:
        raise not_found()
    return found


@router.post("/referrals/{referral_id}/actions/{action}", response_model=Referral, responses={202: {"model": Referral}})
async def act_on_referral(
    desks: At,
    caller: Who,
    referral_id: UUID,
    action: str,
    body: Annotated[ActionBody | None, Body()] = None,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Do something; a sender's wish after sending is 202, pending until the receiver's node has answered."""
    for side in (desks.receiver, desks.sender):
        outcome = await side.act(caller, referral_id, action, body or ActionBody(), version_of(if_match))
        if outcome is not None:
            return shown(outcome.referral, 202 if outcome.requested else 200)
    raise not_found()


@router.get("/paths/{path_id}")
async def show_path(desks: At, caller: Who, path_id: UUID) -> Path:
    """Where a client stands, who has the ball, what falls due next."""
    found = await desks.paths.path(caller, path_id)
    if found is None:
        raise not_found()
    return found


@router.get("/notifications")
async def list_notifications(
    desks: At, caller: Who, cursor: Annotated[str | None, Query(max_length=200)] = None
) -> NotificationPage:
    """Reminders that fell due and deadlines that passed, newest first."""
    return await desks.paths.notifications(caller, cursor)


def shown(referral: Referral, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """The referral as an answer, written by itself: returned as a model, FastAPI would check all of it once more."""
    tag = str(referral.version) if not referral.revision else f"{referral.version}.{referral.revision}"
    tagged = {"ETag": f'"{tag}"', **(headers or {})}
    return Response(referral.model_dump_json(), status, tagged, "application/json")


def version_of(if_match: str | None) -> int | None:
    """The version in an `If-Match` header; of a draft, whose tag is "0.<revision>", its revision below zero.

    Raises Problem.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    version, _, revision = if_match.strip().removeprefix("W/").strip('"').partition(".")
    try:
        return -int(revision) if revision and int(version) == 0 else int(version)
    except ValueError:
        raise invalid(FieldError("If-Match", "if_match_invalid")) from None
