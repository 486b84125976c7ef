"""Questions about places that an institution asks: one for each institution asked, with the answer once it is there."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from contracts.envelope import Envelope
from contracts.events import PlacesAnswered, PlacesAsked
from contracts.places import NewPlaceQuestion, PlaceAnswer, PlaceQuestion, PlaceQuestionPage
from rules.calendar import add_working_days, local_day
from rules.limits import limit
from services.intake.answers import once
from services.intake.context import Intake
from services.intake.models import IntakeRow
from services.kit.caller import Caller
from services.kit.delivery import Forged
from services.kit.inbox import Handlers, each
from services.kit.keyring import Keyring
from services.kit.pages import newest_first
from services.kit.problems import FieldError, invalid
from services.kit.sealing import unseal_text


class AskedQuestion(IntakeRow, table=True):
    """A question to one institution, as the one that asked keeps it."""

    __tablename__ = "place_question"

    id: UUID = Field(primary_key=True)
    agency: str
    receiver: str
    places: int
    workshop: str | None
    from_on: date | None
    asked_at: datetime
    due_on: date
    answered_at: datetime | None = None
    free: int | None = None
    free_from: date | None = None
    sealed_note: str | None = None


class AskedPlaces:
    """What the edge offers to the institution that asks."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def ask(self, caller: Caller, new: NewPlaceQuestion, key: str | None) -> PlaceQuestionPage:
        """Ask each of these institutions once, also when the same comes again under the key. Raises Problem 422."""
        errors = tuple(_errors(self._intake, caller, new))
        if errors:
            raise invalid(*errors)

        async def ask_each(session: AsyncSession) -> PlaceQuestionPage:
            now = await self._intake.service.clock.now(session)
            asked = [await self._ask(session, caller, slug, new, now) for slug in dict.fromkeys(new.receivers)]
            return self._page(asked, now)

        return await once(self._intake, caller.agency, key, new, PlaceQuestionPage, ask_each)

    async def page(self, caller: Caller, cursor: str | None) -> PlaceQuestionPage:
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            query = select(AskedQuestion)
            rows, following = await newest_first(session, query, AskedQuestion.asked_at, AskedQuestion.id, cursor)
            now = await self._intake.service.clock.now(session)
        return self._page(rows, now, following)

    async def show(self, caller: Caller, question_id: UUID) -> PlaceQuestion | None:
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            query = select(AskedQuestion).where(AskedQuestion.id == question_id)
            row = (await session.exec(query)).one_or_none()
            today = local_day(await self._intake.service.clock.now(session))
        return None if row is None else self._shown(row, today)

    async def _ask(
        self, session: AsyncSession, caller: Caller, receiver: str, new: NewPlaceQuestion, now: datetime
    ) -> AskedQuestion:
        today = local_day(now)
        question = AskedQuestion(
            id=UUID(int=uuid7().int),
            agency=caller.agency,
            receiver=receiver,
            places=new.places,
            workshop=new.workshop,
            from_on=new.from_on,
            asked_at=now,
            due_on=add_working_days(today, limit("place_answer_working_days", today)),
        )
        session.add(question)
        event = PlacesAsked(
            path_id=question.id,
            version=1,
            at=now,
            question_id=question.id,
            sender=caller.agency,
            receiver=receiver,
            places=question.places,
            workshop=question.workshop,
            from_on=question.from_on,
            due_on=question.due_on,
        )
        node = self._intake.service.directory[receiver].node
        await self._intake.service.outbox.publish(session, event, source=caller.agency, targets=[node])
        return question

    def _page(self, rows: Sequence[AskedQuestion], now: datetime, following: str | None = None) -> PlaceQuestionPage:
        today = local_day(now)
        return PlaceQuestionPage(items=tuple(self._shown(row, today) for row in rows), next=following)

    def _shown(self, row: AskedQuestion, today: date) -> PlaceQuestion:
        note = unseal_text(self._intake.keyring, row.sealed_note, context=row.id)
        return PlaceQuestion(
            id=row.id,
            sender=row.agency,
            receiver=row.receiver,
            places=row.places,
            workshop=row.workshop,
            from_on=row.from_on,
            asked_at=row.asked_at,
            due_on=row.due_on,
            overdue=row.answered_at is None and row.due_on < today,
            answered_at=row.answered_at,
            answer=None if row.free is None else PlaceAnswer(free=row.free, from_on=row.free_from, note=note),
        )


async def overdue(session: AsyncSession, today: date) -> int:
    """How many questions of the institution nobody has answered in time: it asks again, or elsewhere."""
    late = (col(AskedQuestion.answered_at).is_(None), col(AskedQuestion.due_on) < today)
    return (await session.exec(select(func.count()).select_from(AskedQuestion).where(*late))).one()


def _errors(intake: Intake, caller: Caller, new: NewPlaceQuestion) -> Iterator[FieldError]:
    for number, slug in enumerate(new.receivers):
        if slug == caller.agency:
            yield FieldError(f"receivers.{number}", "receiver_is_sender")
        elif intake.service.directory.find(slug) is None:
            yield FieldError(f"receivers.{number}", "receiver_unknown")


def with_answers(keyring: Keyring, others: Handlers) -> Handlers:
    """What intake does with events, the answers to such questions besides."""

    async def answered(session: AsyncSession, event: PlacesAnswered, envelope: Envelope) -> None:
        await _note(keyring, session, event, envelope)

    def tenant(event: object) -> str | None:
        return event.sender if isinstance(event, PlacesAnswered) else others.tenant(event)

    return Handlers(tenant=tenant, effects={**others.effects, PlacesAnswered: each(answered)})


async def _note(keyring: Keyring, session: AsyncSession, event: PlacesAnswered, envelope: Envelope) -> None:
    """Raises Forged for an answer of somebody who was not asked, and CannotOpen for a note that nobody could read."""
    query = select(AskedQuestion).where(AskedQuestion.id == event.question_id).with_for_update()
    question = (await session.exec(query)).one()
    if envelope.source != question.receiver:
        raise Forged(envelope.source)
    unseal_text(keyring, event.sealed, context=event.question_id)
    question.answered_at, question.free, question.free_from = event.at, event.free, event.from_on
    question.sealed_note = event.sealed
    session.add(question)
