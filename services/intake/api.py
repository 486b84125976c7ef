"""The sender's side of the public interface: HTTP request → one command in one transaction."""

from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import ActionBody, NewReferral, Referral, ReferralPage
from contracts.codes import Status
from contracts.receipts import HandoverReceipt
from services.intake import commands, queries
from services.intake.context import Intake
from services.intake.models import INTAKE, StoredAnswer
from services.intake.receipts import receipt_of
from services.kit import crash
from services.kit.caller import Caller
from services.kit.idempotency import request_hash
from services.kit.problems import Problem
from services.kit.sealing import seal, unseal
from services.kit.sides import Outcome, check_version

_KEYS = INTAKE.metadata.tables[StoredAnswer.__tablename__]
_MINE = (_KEYS.c.agency == bindparam("of"), _KEYS.c.key == bindparam("under"))
_TAKE = insert(_KEYS).on_conflict_do_nothing(index_elements=["agency", "key"]).returning(_KEYS.c.key)
_GIVEN = select(_KEYS.c.body_hash, _KEYS.c.sealed_answer).where(*_MINE)
_KEEP = update(_KEYS).where(*_MINE)


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
            given = await _given(session, caller.agency, key, request_hash(new))
            if given is not None:
                return unseal(self._intake.keyring, Referral, given, context=key)
            answer = await self._create(session, caller, new)
            sealed = seal(self._intake.keyring, answer, to=self._intake.service.node, context=key)
            await session.execute(_KEEP, {"of": caller.agency, "under": key, "sealed_answer": sealed})
            return answer

    async def _create(self, session: AsyncSession, caller: Caller, new: NewReferral) -> Referral:
        referral, dossier = await commands.create(self._intake, session, caller, new)
        crash.point("K2", self._intake.service.node)
        return queries.view_of_new(self._intake, caller, referral, dossier)

    async def show(self, caller: Caller, referral_id: UUID) -> Referral | None:
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            referral = await queries.find(session, referral_id)
            return None if referral is None else await queries.view(self._intake, session, caller, referral)

    async def receipt(self, caller: Caller, referral_id: UUID) -> HandoverReceipt | None:
        return await receipt_of(self._intake, caller.agency, referral_id)

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


async def _given(session: AsyncSession, agency: str, key: str, digest: str) -> str | None:
    """The sealed answer that was given under this key; None for a new key, which is now taken.

    Waits for a concurrent holder. Raises Problem.
    """
    row = {"agency": agency, "key": key, "body_hash": digest}
    if (await session.execute(_TAKE, row)).first() is not None:
        return None
    known = (await session.execute(_GIVEN, {"of": agency, "under": key})).one()
    if known.body_hash != digest:
        raise Problem("key_reused")
    sealed: str = known.sealed_answer
    return sealed
