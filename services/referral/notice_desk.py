"""The notices an institution has received, at the public interface."""

from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.notices import Notice, NoticeContent, NoticePage
from rules.notices import notice_kind
from services.kit.caller import Caller
from services.kit.notice_letter import letter
from services.kit.pages import newest_first
from services.kit.paper.sheet import Sheet
from services.kit.sealing import unseal
from services.referral.context import Receiving
from services.referral.notices import ReceivedNotice


class ReceivedNotices:
    """What the edge offers to the institution that notices are for."""

    def __init__(self, receiving: Receiving) -> None:
        self._receiving = receiving

    async def page(self, caller: Caller, cursor: str | None) -> NoticePage:
        async with self._receiving.service.database.transaction(caller.agency, snapshot=True) as session:
            query = select(ReceivedNotice)
            rows, following = await newest_first(session, query, ReceivedNotice.at, ReceivedNotice.id, cursor)
        return NoticePage(items=tuple(self._shown(caller, row) for row in rows), next=following)

    async def read(self, caller: Caller, notice_id: UUID) -> Notice | None:
        """Mark the notice as read, when that was not done before."""
        async with self._receiving.service.database.transaction(caller.agency) as session:
            row = await _locked(session, notice_id)
            if row is None:
                return None
            row.read_at = row.read_at or await self._receiving.service.clock.now(session)
            session.add(row)
        return self._shown(caller, row)

    async def printed(self, caller: Caller, notice_id: UUID) -> Sheet | None:
        """The notice as a letter."""
        async with self._receiving.service.database.transaction(caller.agency) as session:
            query = select(ReceivedNotice).where(ReceivedNotice.id == notice_id)
            row = (await session.exec(query)).one_or_none()
        if row is None:
            return None
        directory = self._receiving.service.directory
        return letter(directory, kind=row.kind, sender=row.sender, receiver=row.agency, content=self._content(row))

    def _content(self, row: ReceivedNotice) -> NoticeContent:
        return unseal(self._receiving.keyring, NoticeContent, row.sealed_content, context=row.id)

    def _shown(self, caller: Caller, row: ReceivedNotice) -> Notice:
        return Notice(
            id=row.id,
            kind=row.kind,
            label=notice_kind(row.kind).wording[caller.language],
            sender=row.sender,
            receiver=row.agency,
            at=row.at,
            read_at=row.read_at,
            referral_id=row.referral_id,
            printable=False,
            client=self._content(row),
        )


async def _locked(session: AsyncSession, notice_id: UUID) -> ReceivedNotice | None:
    query = select(ReceivedNotice).where(ReceivedNotice.id == notice_id).with_for_update()
    return (await session.exec(query)).one_or_none()
