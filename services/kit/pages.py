"""Pages of a list, newest first: the cursor is the place after which the next page begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import col, tuple_
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from services.kit.database import Row
from services.kit.problems import FieldError, invalid

PAGE_SIZE = 50

R = TypeVar("R", bound=Row)


async def newest_first(
    session: AsyncSession, query: SelectOfScalar[R], at: Any, identity: Any, cursor: str | None
) -> tuple[Sequence[R], str | None]:
    """One page of `query` by the columns `at` and `identity`, and the cursor of the next page if there is one.

    Raises Problem for a cursor that is not one.
    """
    query = query.order_by(col(at).desc(), col(identity).desc())
    if cursor is not None:
        query = query.where(tuple_(col(at), col(identity)) < read_cursor(cursor))
    rows = (await session.exec(query.limit(PAGE_SIZE + 1))).all()
    if len(rows) <= PAGE_SIZE:
        return rows, None
    last = rows[PAGE_SIZE - 1]
    return rows[:PAGE_SIZE], cursor_of(getattr(last, at.key), getattr(last, identity.key))


def cursor_of(at: datetime, identity: UUID) -> str:
    return urlsafe_b64encode(f"{at.isoformat()} {identity}".encode()).decode()


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """The place a cursor names. Raises Problem."""
    try:
        at, identity = urlsafe_b64decode(cursor.encode()).decode().split(" ")
        return datetime.fromisoformat(at).astimezone(UTC), UUID(identity)
    except (ValueError, OverflowError):
        raise invalid(FieldError("cursor", "cursor_invalid")) from None
