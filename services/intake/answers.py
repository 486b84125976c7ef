"""One answer per Idempotency-Key: the same key and body get the answer that was given, concurrent ones wait for it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import BaseModel
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.context import Intake
from services.intake.models import INTAKE, StoredAnswer
from services.kit.idempotency import request_hash
from services.kit.problems import Problem
from services.kit.sealing import unseal

_KEYS = INTAKE.metadata.tables[StoredAnswer.__tablename__]
_MINE = (_KEYS.c.agency == bindparam("of"), _KEYS.c.key == bindparam("under"))
_TAKE = insert(_KEYS).on_conflict_do_nothing(index_elements=["agency", "key"]).returning(_KEYS.c.key)
_GIVEN = select(_KEYS.c.body_hash, _KEYS.c.sealed_answer).where(*_MINE)
_KEEP = update(_KEYS).where(*_MINE)

M = TypeVar("M", bound=BaseModel)


async def once(
    intake: Intake,
    agency: str,
    key: str | None,
    body: BaseModel,
    model: type[M],
    make: Callable[[AsyncSession], Awaitable[M]],
) -> M:
    """What `make` answers to this body, made once per key, in one transaction with what it does. Raises Problem."""
    async with intake.service.database.transaction(agency) as session:
        if key is None:
            return await make(session)
        given = await _given(session, agency, key, request_hash(body))
        if given is not None:
            return unseal(intake.keyring, model, given, context=key)
        answer = await make(session)
        whole = answer.model_dump_json().encode()  # with what is None: some fields must be told
        sealed = intake.keyring.seal(whole, to=intake.service.node, context=key)
        await session.execute(_KEEP, {"of": agency, "under": key, "sealed_answer": sealed})
        return answer


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
