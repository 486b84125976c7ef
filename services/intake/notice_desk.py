"""The notices an institution has given, at the public interface."""

from uuid import UUID

from sqlmodel import select

from contracts.notices import Notice, NoticeContent, NoticePage
from rules.notices import notice_kind
from services.intake.context import Intake
from services.intake.notices import GivenNotice
from services.kit.caller import Caller
from services.kit.notice_letter import letter
from services.kit.pages import newest_first
from services.kit.paper.sheet import Sheet
from services.kit.sealing import unseal


class GivenNotices:
    """What the edge offers to the institution that gives notices."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def page(self, caller: Caller, cursor: str | None) -> NoticePage:
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            query = select(GivenNotice)
            rows, following = await newest_first(session, query, GivenNotice.at, GivenNotice.id, cursor)
        return NoticePage(items=tuple(self._shown(caller, row) for row in rows), next=following)

    async def printed(self, caller: Caller, notice_id: UUID) -> Sheet | None:
        """The notice as a letter."""
        async with self._intake.service.database.transaction(caller.agency) as session:
            row = (await session.exec(select(GivenNotice).where(GivenNotice.id == notice_id))).one_or_none()
        if row is None:
            return None
        directory, content = self._intake.service.directory, self._content(row)
        receiver = row.receiver or content.party
        return letter(directory, kind=row.kind, sender=row.agency, receiver=receiver, content=content)

    def _content(self, row: GivenNotice) -> NoticeContent:
        return unseal(self._intake.keyring, NoticeContent, row.sealed_content, context=row.id)

    def _shown(self, caller: Caller, row: GivenNotice) -> Notice:
        content = self._content(row)
        return Notice(
            id=row.id,
            kind=row.kind,
            label=notice_kind(row.kind).wording[caller.language],
            sender=row.agency,
            receiver=row.receiver or content.party,
            at=row.at,
            referral_id=row.referral_id,
            printable=row.receiver is None or self._intake.service.directory.find(row.receiver) is None,
            client=content,
        )
