"""The receiver's side of the public interface: HTTP request → one command in one transaction."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import ActionBody, Referral, ReferralPage
from contracts.codes import Status
from services.kit import crash
from services.kit.caller import Caller
from services.kit.sides import Outcome, check_version
from services.referral import commands, queries
from services.referral.context import Receiving
from services.referral.domain import is_unseen
from services.referral.models import ReceivedReferral


class ReceiverSide:
    """What the edge offers to the institution that receives."""

    def __init__(self, receiving: Receiving) -> None:
        self._receiving = receiving

    async def show(self, caller: Caller, referral_id: UUID) -> Referral | None:
        """The referral; opening it for the first time is recorded and told to the sender."""
        async with self._receiving.service.database.transaction(caller.agency, snapshot=True) as session:
            referral = await queries.find(session, referral_id)
            if referral is None:
                return None
            if not is_unseen(referral):
                return await self._view(session, caller, referral)
        return await self._open(caller, referral_id)

    async def _open(self, caller: Caller, referral_id: UUID) -> Referral | None:
        async with self._receiving.service.database.transaction(caller.agency) as session:
            referral = await commands.locked(session, referral_id)
            if referral is None:
                return None
            if is_unseen(referral):  # still, now that it is locked
                await commands.see(self._receiving, session, referral)
            return await self._view(session, caller, referral)

    async def page(
        self, caller: Caller, status: Status | None, cursor: str | None, *, unit: str | None = None, mine: bool = False
    ) -> ReferralPage:
        """The inbox: of the institution, of one of its units, or what is the caller's own."""
        own = self._own(caller) if mine else None
        async with self._receiving.service.database.transaction(caller.agency, snapshot=True) as session:
            rows, following = await queries.page(session, status, unit, own, cursor)
            now = await self._now(session)
            items = tuple([await queries.view(self._receiving, session, caller, row, now) for row in rows])
        return ReferralPage(items=items, next=following)

    async def has_path(self, agency: str, path_id: UUID) -> bool:
        """Whether this institution has received a referral on the path."""
        async with self._receiving.service.database.transaction(agency) as session:
            return await queries.has_path(session, path_id)

    async def act(
        self, caller: Caller, referral_id: UUID, action: str, body: ActionBody, expected: int | None
    ) -> Outcome | None:
        async with self._receiving.service.database.transaction(caller.agency) as session:
            referral = await commands.locked(session, referral_id)
            if referral is None:
                return None
            check_version(expected, referral.version)
            await commands.act(self._receiving, session, caller, referral, action, body)
            outcome = Outcome(await self._view(session, caller, referral))
        crash.point("K21", self._receiving.service.node)
        return outcome

    def _own(self, caller: Caller) -> queries.Mine:
        agency = self._receiving.service.directory.find(caller.agency)
        return queries.Mine(caller.actor, agency.units_of(caller.actor) if agency is not None else frozenset())

    async def _view(self, session: AsyncSession, caller: Caller, referral: ReceivedReferral) -> Referral:
        return await queries.view(self._receiving, session, caller, referral, await self._now(session))

    async def _now(self, session: AsyncSession) -> datetime:
        return await self._receiving.service.clock.now(session)
