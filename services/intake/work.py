"""What an institution has sent and the applications it works on, for lists of work: plain columns, read in bulk."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import Times
from contracts.work import Beside, OpinionWanted, PersonOfItem, WorkItem, WorkKind
from rules.applications import is_open
from rules.calendar import local_day
from rules.retention import period
from services.intake import opinions, place_questions
from services.intake.applications.models import ApplicationRow
from services.intake.context import Intake
from services.intake.importing.models import ImportRow
from services.intake.models import Client, Draft, SentReferral, SentRequest
from services.kit.caller import Caller
from services.kit.referrals import columns, item_of, request_of
from services.kit.sealing import unseal

_SENT = (
    *("id", "agency", "path_id", "number", "receiver", "unit", "kind", "urgency", "status", "version", "reason"),
    "edition",
)
_TIMES = ("submitted_at", "delivered_at", "seen_at", "decided_at")
_APPLICATION = (
    *("id", "agency", "path_id", "number", "receiver", "urgency", "status", "version", "reason"),
    *("registered_at", "decided_at"),
)
_WAITS_FOR_APPLICANT = "returned"


class _Named(BaseModel):
    given_name: str
    family_name: str


class _Form(BaseModel):
    """Of a sealed form, the person only."""

    client: _Named


class _Known(BaseModel):
    """Of what is known of a client, the person only."""

    person: _Named


class SenderWork:
    """Sent referrals and applications."""

    kinds: tuple[WorkKind, ...] = ("sent", "application")

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def of_paths(self, caller: Caller, paths: Sequence[UUID]) -> list[WorkItem]:
        """Everything of these paths."""
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            sent = await _sent(session, columns(SentReferral, _SENT + _TIMES).where(_of(SentReferral, paths)))
            applications = await _rows(session, columns(ApplicationRow, _APPLICATION).where(_of(ApplicationRow, paths)))
        return [*sent, *map(_application, applications)]

    async def after(self, caller: Caller, what: WorkKind, last: UUID | None, most: int) -> list[WorkItem]:
        """So many by id, after this one."""
        model, names = (SentReferral, _SENT + _TIMES) if what == "sent" else (ApplicationRow, _APPLICATION)
        query = columns(model, names).order_by(col(model.id)).limit(most)
        if last is not None:
            query = query.where(col(model.id) > last)
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            if what == "sent":
                return await _sent(session, query)
            return [_application(row) for row in await _rows(session, query)]

    async def people(self, caller: Caller, ids: Sequence[UUID]) -> list[PersonOfItem]:
        """Names: the sender and the OPS know them. Raises CannotOpen."""
        forms = select(SentReferral.id, SentReferral.sealed_form).where(col(SentReferral.id).in_(ids))
        known = (
            select(ApplicationRow.id, Client.id, Client.sealed_known)
            .join(Client, col(Client.id) == col(ApplicationRow.client_id))
            .where(col(ApplicationRow.id).in_(ids))
        )
        async with self._intake.service.database.transaction(caller.agency) as session:
            of_forms, of_clients = (await session.exec(forms)).all(), (await session.exec(known)).all()
        keyring = self._intake.keyring
        people = [(item, unseal(keyring, _Form, sealed, context=item).client) for item, sealed in of_forms]
        people += [
            (item, unseal(keyring, _Known, sealed or "", context=client).person) for item, client, sealed in of_clients
        ]
        return [PersonOfItem(id=item, given_name=who.given_name, family_name=who.family_name) for item, who in people]

    async def beside(self, caller: Caller) -> Beside:
        """Drafts and running imports, counted, the drafts that wait for an opinion, and questions with no answer."""
        drafts = select(func.count(), func.min(Draft.saved_at)).select_from(Draft)
        asked = (
            select(Draft).where(Draft.status == "opinion_pending").order_by(col(Draft.opinion_asked_at), col(Draft.id))
        )
        running = select(func.count()).select_from(ImportRow).where(col(ImportRow.state).in_(("waiting", "running")))
        async with self._intake.service.database.transaction(caller.agency) as session:
            number, oldest = (await session.exec(drafts)).one()
            imports = (await session.exec(running)).one()
            waiting = (await session.exec(asked)).all()
            today = local_day(await self._intake.service.clock.now(session))
            late = await place_questions.overdue(session, today)
        purge_on = None if oldest is None else local_day(oldest + period("drafts", today))
        return Beside(
            drafts=number,
            purge_on=purge_on,
            imports=imports,
            opinions=tuple(map(_wanted, waiting)),
            places_overdue=late,
        )


def _wanted(draft: Draft) -> OpinionWanted:
    """Raises ValueError for a draft that waits for nothing."""
    asked = opinions.asked(draft)
    if asked is None:
        raise ValueError("nobody has asked for an opinion")
    return OpinionWanted(**dict(asked), id=draft.id, number=draft.number, receiver=draft.receiver)


def _of(model: Any, paths: Sequence[UUID]) -> Any:
    return col(model.path_id).in_(paths)


async def _rows(session: AsyncSession, query: Any) -> Sequence[Any]:
    rows: Sequence[Any] = (await session.exec(query)).all()
    return rows


async def _sent(session: AsyncSession, query: Any) -> list[WorkItem]:
    rows = await _rows(session, query)
    asked = select(SentRequest).where(col(SentRequest.referral_id).in_([row.id for row in rows]))
    requests: dict[UUID, list[SentRequest]] = defaultdict(list)
    for request in (await session.exec(asked.order_by(col(SentRequest.asked_at)))).all() if rows else ():
        requests[request.referral_id].append(request)
    return [_referral(row, requests[row.id]) for row in rows]


def _referral(row: Any, requests: Sequence[SentRequest]) -> WorkItem:
    """A request changes no version, so it counts in the revision by itself; its answer is a version."""
    states = [request_of(each) for each in requests]
    return item_of(
        row,
        what="sent",
        sender=row.agency,
        receiver=row.receiver,
        revision=row.version + len(requests),
        pending=next((each for each in states if each.state == "pending"), None),
        last_request=next((each for each in reversed(states) if each.state != "pending"), None),
    )


def _application(row: Any) -> WorkItem:
    return WorkItem(
        id=row.id,
        what="application",
        path_id=row.path_id,
        number=row.number,
        kind="application",
        urgency=row.urgency,
        status=row.status,
        version=row.version,
        revision=row.version,
        sender=row.agency,
        receiver=row.receiver,
        ball=row.agency if is_open(row.status) and row.status != _WAITS_FOR_APPLICANT else None,
        reason=row.reason,
        times=Times(submitted=row.registered_at, decided=row.decided_at),
    )
