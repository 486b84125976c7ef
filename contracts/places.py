"""Questions about places: an institution asks several others at once whether they have any, and names no person."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.base import Code, Instant, Message, Slug

MOST_PLACES = 1000
"""More in one question, or in one answer, is a slip of the keyboard."""


class NewPlaceQuestion(Message):
    """Whether there are so many places, maybe in a workshop of that code, from that day on."""

    receivers: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=20)]
    places: Annotated[int, Field(ge=1, le=MOST_PLACES)]
    workshop: Code | None = None
    from_on: date | None = None


class PlaceAnswer(Message):
    """How many places are free, from when on, and what else there is to say about them.

    `note` is about places: no person's data may stand in it. It is sealed all the same.
    """

    free: Annotated[int, Field(ge=0, le=MOST_PLACES)]
    from_on: date | None = None
    note: Annotated[str, Field(min_length=1, max_length=500)] | None = None


class PlaceQuestion(Message):
    """A question to one institution as both sides see it.

    `due_on`: until when it is to be answered; `overdue`: that day has passed, and there is no answer.
    """

    id: UUID
    sender: Slug
    receiver: Slug
    places: int
    workshop: Code | None
    from_on: date | None
    asked_at: Instant
    due_on: date
    overdue: bool = False
    answered_at: Instant | None = None
    answer: PlaceAnswer | None = None


class PlaceQuestionPage(Message):
    items: tuple[PlaceQuestion, ...]
    next: str | None = None
