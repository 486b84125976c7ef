"""Files that come with a referral or an application, as their institution sees them."""

from typing import Literal
from uuid import UUID

from contracts.base import Instant, Message

MediaType = Literal["application/pdf", "image/jpeg", "image/png"]

PART_BYTES = 256 * 1024
"""A file is kept and travels in parts of this size, the last one smaller: sealed, one fits into a message."""


class Attachment(Message):
    """An uploaded file without its content. `in_use`: a referral or an application names it, so it cannot be deleted;
    one that nothing names is deleted after a while."""

    id: UUID
    name: str
    media_type: MediaType
    size: int
    """Bytes."""
    uploaded_at: Instant
    in_use: bool
