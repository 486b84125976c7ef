"""Files as they come in and go out: read part by part, so that none is ever whole in memory on its way out."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from contracts.attachments import Attachment
from services.kit.caller import Caller


@dataclass(frozen=True)
class File:
    """One file as it was sent: the sender's name for it, not to be trusted."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Content:
    """A file to be shown to somebody: `size` bytes in `parts`."""

    name: str
    media_type: str
    size: int
    parts: AsyncIterator[bytes]


def part_context(attachment_id: UUID, part: int) -> str:
    """What a sealed part of a file is bound to: no part can be put in the place of another."""
    return f"{attachment_id} {part}"


class Uploads(Protocol):
    """The files of the institution that sends."""

    async def upload(self, caller: Caller, file: File) -> Attachment: ...

    async def show(self, caller: Caller, attachment_id: UUID) -> Attachment: ...

    async def content(self, caller: Caller, attachment_id: UUID) -> Content: ...

    async def delete(self, caller: Caller, attachment_id: UUID) -> None: ...

    async def of_referral(self, caller: Caller, referral_id: UUID, attachment_id: UUID) -> Content | None: ...


class ReceivedFiles(Protocol):
    """The files that came with received referrals. None means: this side does not know the file."""

    async def of_referral(self, caller: Caller, referral_id: UUID, attachment_id: UUID) -> Content | None: ...
