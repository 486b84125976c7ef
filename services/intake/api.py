"""The sender's side of the public interface: HTTP request → one command in one transaction."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import ActionBody, NewReferral, Referral, ReferralPage
from contracts.codes import Status
from services.intake import commands, queries
from services.intake.context import Intake
from services.intake.models import StoredAnswer
from services.kit import crash
from services.kit.caller import Caller
from services.kit.idempotency import request_hash
from services.kit.problems import Problem
from services.kit.sealing import seal, unseal
from services.kit.sides import Outcome, check_version


class SenderSide:
    """What the edge offers to the institution that sends."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def create(self, caller: Caller, new: NewReferral, key: str | None) -> Referral:
        """Create, once per Idempotency-Key: others with the key wait for the first and get its answer."""
        crash.point("K1", self._intake.service.node)
        answer = await self._create_once(caller, new, key)
        crash.point("K3", self._intake.service.node)
        return answer

    async def _create_once(self, caller: Caller, new: NewReferral, key: str | None) -> Referral:
        async with self._intake.service.database.transaction(caller.agency) as session:
            if key is None:
                return await self._create(session, caller, new)
            stored = await _reserve(session, caller.agency, key, request_hash(new))
            if stored.sealed_answer is not None:
                return unseal(self._intake.keyring, Referral, stored.sealed_answer, context=key)
            answer = await self._create(session, caller, new)
            stored.sealed_answer = seal(self._intake.keyring, answer, to=self._intake.service.node, context=key)
            session.add(stored)
            return answer

    async def _create(self, session: AsyncSession, caller: Caller, new: NewReferral) -> Referral:
        referral = await commands.create(self._intake, session, caller, new)
        crash.point("K2", self._intake.service.node)
        return await queries.view(self._intake, session, caller, referral)

    async def show(self, caller: Caller, referral_id: UUID) -> Referral | None:
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            referral = await queries.find(session, referral_id)
            return None if referral is None else await queries.view(self._intake, session, caller, referral)

    async def page(self, caller: Caller, status: Status | None, cursor: str | None) -> ReferralPage:
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            rows, following = await queries.page(session, status, cursor)
            items = tuple([await queries.view(self._intake, session, caller, row) for row in rows])
        return ReferralPage(items=items, next=following)

    async def act(
        self, caller: Caller, referral_id: UUID, action: str, body: ActionBody, expected: int | None
    ) -> Outcome | None:
        async with self._intake.service.database.transaction(caller.agency) as session:
            referral = await commands.locked(session, referral_id)
            if referral is None:
                return None
            check_version(expected, referral.version)
            if action == "submit":
                await commands.submit(self._intake, session, caller, referral)
            else:
                await commands.request(self._intake, session, caller, referral, action, body)
            shown = await queries.view(self._intake, session, caller, referral)
            return Outcome(shown, requested=action != "submit")


async def _reserve(session: AsyncSession, agency: str, key: str, digest: str) -> StoredAnswer:
    """The row of this key, new or with the answer that was given. Waits for a concurrent holder. Raises Problem."""
    await session.execute(
        insert(StoredAnswer)
        .values(agency=agency, key=key, body_hash=digest)
        .on_conflict_do_nothing(index_elements=["agency", "key"])
    )
    query = select(StoredAnswer).where(StoredAnswer.agency == agency, StoredAnswer.key == key)
    stored = (await session.exec(query)).one()
    if stored.body_hash != digest:
        raise Problem("key_reused")
    return stored
