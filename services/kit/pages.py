"""Pages of a list, newest first: the cursor is the place after which the next page begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from uuid import UUID

from services.kit.problems import FieldError, invalid

PAGE_SIZE = 50


def cursor_of(at: datetime, identity: UUID) -> str:
    return urlsafe_b64encode(f"{at.isoformat()} {identity}".encode()).decode()


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """The place a cursor names. Raises Problem."""
    try:
        at, identity = urlsafe_b64decode(cursor.encode()).decode().split(" ")
        return datetime.fromisoformat(at).astimezone(UTC), UUID(identity)
    except (ValueError, OverflowError):
        raise invalid(FieldError("cursor", "cursor_invalid")) from None
