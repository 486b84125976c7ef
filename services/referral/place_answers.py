"""Questions about places that other institutions have asked, and the answers to them."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.envelope import Envelope
from contracts.events import PlacesAnswered, PlacesAsked
from contracts.places import PlaceAnswer, PlaceQuestion, PlaceQuestionPage
from rules.calendar import local_day
from services.kit.caller import Caller
from services.kit.delivery import Forged
from services.kit.pages import newest_first
from services.kit.problems import Problem
from services.kit.sealing import seal_text, unseal_text
from services.referral.context import Receiving
from services.referral.models import ReferralRow


class ReceivedQuestion(ReferralRow, table=True):
    """A question as the institution that was asked keeps it."""

    __tablename__ = "place_question"

    id: UUID = Field(primary_key=True)
    agency: str
    sender: str
    places: int
    workshop: str | None
    from_on: date | None
    asked_at: datetime
    due_on: date
    answered_at: datetime | None = None
    free: int | None = None
    free_from: date | None = None
    sealed_note: str | None = None


async def store(session: AsyncSession, event: PlacesAsked, envelope: Envelope) -> None:
    """Store a question. Raises Forged."""
    if envelope.source != event.sender:
        raise Forged(envelope.source)
    session.add(
        ReceivedQuestion(
            id=event.question_id,
            agency=event.receiver,
            sender=event.sender,
            places=event.places,
            workshop=event.workshop,
            from_on=event.from_on,
            asked_at=event.at,
            due_on=event.due_on,
        )
    )


class PlacesToTell:
    """What the edge offers to the institution that is asked."""

    def __init__(self, receiving: Receiving) -> None:
        self._receiving = receiving

    async def page(self, caller: Caller, cursor: str | None) -> PlaceQuestionPage:
        async with self._receiving.service.database.transaction(caller.agency, snapshot=True) as session:
            query, at = select(ReceivedQuestion), ReceivedQuestion.asked_at
            rows, following = await newest_first(session, query, at, ReceivedQuestion.id, cursor)
            today = local_day(await self._receiving.service.clock.now(session))
        return PlaceQuestionPage(items=tuple(self._shown(row, today) for row in rows), next=following)

    async def show(self, caller: Caller, question_id: UUID) -> PlaceQuestion | None:
        async with self._receiving.service.database.transaction(caller.agency, snapshot=True) as session:
            query = select(ReceivedQuestion).where(ReceivedQuestion.id == question_id)
            row = (await session.exec(query)).one_or_none()
            today = local_day(await self._receiving.service.clock.now(session))
        return None if row is None else self._shown(row, today)

    async def answer(self, caller: Caller, question_id: UUID, answer: PlaceAnswer) -> PlaceQuestion | None:
        """Answer it, once; late is better than never. Raises Problem 409."""
        async with self._receiving.service.database.transaction(caller.agency) as session:
            query = select(ReceivedQuestion).where(ReceivedQuestion.id == question_id).with_for_update()
            question = (await session.exec(query)).one_or_none()
            if question is None:
                return None
            if question.answered_at is not None:
                raise Problem("place_question_answered")
            question.answered_at = await self._receiving.service.clock.now(session)
            question.free, question.free_from = answer.free, answer.from_on
            question.sealed_note = self._sealed(answer.note, self._receiving.service.node, question_id)
            session.add(question)
            await self._tell(session, question, question.answered_at, answer)
            return self._shown(question, local_day(question.answered_at))

    async def _tell(self, session: AsyncSession, question: ReceivedQuestion, at: datetime, answer: PlaceAnswer) -> None:
        sender = self._receiving.service.directory.find(question.sender)
        if sender is None:  # who left the directory needs no answer any more
            return
        event = PlacesAnswered(
            path_id=question.id,
            version=1,
            at=at,
            question_id=question.id,
            sender=question.sender,
            receiver=question.agency,
            free=answer.free,
            from_on=answer.from_on,
            sealed=self._sealed(answer.note, sender.node, question.id),
        )
        await self._receiving.service.outbox.publish(session, event, source=question.agency, targets=[sender.node])

    def _sealed(self, note: str | None, node: str, question_id: UUID) -> str | None:
        return seal_text(self._receiving.keyring, note, to=node, context=question_id)

    def _shown(self, row: ReceivedQuestion, today: date) -> PlaceQuestion:
        note = unseal_text(self._receiving.keyring, row.sealed_note, context=row.id)
        return PlaceQuestion(
            id=row.id,
            sender=row.sender,
            receiver=row.agency,
            places=row.places,
            workshop=row.workshop,
            from_on=row.from_on,
            asked_at=row.asked_at,
            due_on=row.due_on,
            overdue=row.answered_at is None and row.due_on < today,
            answered_at=row.answered_at,
            answer=None if row.free is None else PlaceAnswer(free=row.free, from_on=row.free_from, note=note),
        )
