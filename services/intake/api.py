"""The sender's side of the public interface: HTTP request → one command in one transaction."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import RootModel
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import ActionBody, NewReferral, Referral, ReferralPage
from contracts.codes import Status
from contracts.receipts import HandoverReceipt
from services.intake import commands, draft_view, drafts, queries, reading
from services.intake.answers import once
from services.intake.context import Intake
from services.intake.forms import judge_typed
from services.intake.issuing import Issued, begin, issue
from services.intake.models import Draft, SentReferral
from services.intake.reading import Reading
from services.intake.receipts import receipt_of
from services.kit import crash
from services.kit.caller import Caller
from services.kit.problems import Problem
from services.kit.sides import Outcome, check_version

_Text = RootModel[str]


class SenderSide:
    """What the edge offers to the institution that sends."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def create(self, caller: Caller, typed: Mapping[str, Any], key: str | None) -> Referral:
        """Send what was typed, or keep it as a draft, once per Idempotency-Key: others with the key wait for the first
        and get its answer. Raises Problem."""
        crash.point("K1", self._intake.service.node)
        answer = await self._create_once(caller, typed, key)
        crash.point("K3", self._intake.service.node)
        return answer

    async def _create_once(self, caller: Caller, typed: Mapping[str, Any], key: str | None) -> Referral:
        reading.check_depth(typed)
        if reading.is_draft(typed):

            async def keep(session: AsyncSession) -> Referral:
                draft = await drafts.begin(self._intake, session, caller, typed)
                return await draft_view.view(self._intake, session, caller, draft)

            return await once(self._intake, caller.agency, key, _as_typed(typed), Referral, keep)
        read = reading.read(typed)

        async def send(session: AsyncSession) -> Referral:
            return queries.view_of_new(self._intake, caller, await self._send(session, caller, read))

        body = _as_typed(typed) if read.errors else read.new  # what could not be read makes it another body
        return await once(self._intake, caller.agency, key, body, Referral, send)

    async def _send(self, session: AsyncSession, caller: Caller, read: Reading) -> Issued:
        now = await self._intake.service.clock.now(session)
        judged = await judge_typed(self._intake, session, caller, read, now)
        issued = await issue(self._intake, session, caller, judged, begin(now), now)
        crash.point("K2", self._intake.service.node)
        return issued

    async def show(self, caller: Caller, referral_id: UUID) -> Referral | None:
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            found = await queries.find(session, referral_id) or await drafts.find(session, referral_id)
            return None if found is None else await self._view(session, caller, found)

    async def form(self, caller: Caller, referral_id: UUID) -> NewReferral | None:
        """What was sent, of somebody the institution knows by now."""
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            return await queries.form_again(self._intake, session, referral_id)

    async def receipt(self, caller: Caller, referral_id: UUID) -> HandoverReceipt | None:
        return await receipt_of(self._intake, caller.agency, referral_id)

    async def page(self, caller: Caller, status: Status | None, cursor: str | None) -> ReferralPage:
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            rows, following = await queries.page(session, status, cursor)
            items = tuple([await self._view(session, caller, row) for row in rows])
        return ReferralPage(items=items, next=following)

    async def save(
        self, caller: Caller, referral_id: UUID, typed: Mapping[str, Any], expected: int | None
    ) -> Referral | None:
        """Keep another form in place of a draft's. Raises Problem 409 for what is sent already, 412."""
        reading.check_depth(typed)
        async with self._intake.service.database.transaction(caller.agency) as session:
            draft = await self._draft(session, referral_id)
            if draft is None:
                return None
            await drafts.save(self._intake, session, caller, draft, typed, expected)
            return await draft_view.view(self._intake, session, caller, draft)

    async def discard(self, caller: Caller, referral_id: UUID, expected: int | None) -> bool:
        """Whether there was such a draft, which is gone now. Raises Problem 409 for what is sent already, 412."""
        async with self._intake.service.database.transaction(caller.agency) as session:
            draft = await self._draft(session, referral_id)
            if draft is None:
                return False
            await drafts.discard(session, draft, expected)
            return True

    async def act(
        self, caller: Caller, referral_id: UUID, action: str, body: ActionBody, expected: int | None
    ) -> Outcome | None:
        async with self._intake.service.database.transaction(caller.agency) as session:
            draft = await drafts.find(session, referral_id, lock=True)
            if draft is not None:
                issued = await drafts.act(self._intake, session, caller, draft, action, body, expected)
                if issued is None:
                    return Outcome(await self._view(session, caller, draft))
                return Outcome(queries.view_of_new(self._intake, caller, issued))
            referral = await commands.locked(session, referral_id)
            if referral is None:
                return None
            check_version(expected, referral.version)
            await commands.request(self._intake, session, caller, referral, action, body)
            return Outcome(await self._view(session, caller, referral), requested=True)

    async def _draft(self, session: AsyncSession, referral_id: UUID) -> Draft | None:
        """The draft, locked. Raises Problem 409 for a referral that is one no more."""
        draft = await drafts.find(session, referral_id, lock=True)
        if draft is None and await queries.find(session, referral_id) is not None:
            raise Problem("sent_already")
        return draft

    async def _view(self, session: AsyncSession, caller: Caller, row: SentReferral | Draft) -> Referral:
        if isinstance(row, Draft):
            return await draft_view.view(self._intake, session, caller, row)
        return await queries.view(self._intake, session, caller, row)


def _as_typed(typed: Mapping[str, Any]) -> _Text:
    """The same for the same fields in any order."""
    return _Text(json.dumps(typed, sort_keys=True))
