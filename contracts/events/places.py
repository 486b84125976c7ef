"""Questions on places, from one institution to another, and their answers. They tell of no person."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from contracts.base import Code, Slug
from contracts.events.base import Event
from contracts.places import MOST_PLACES


class PlaceEvent(Event):
    """About one question on places. It tells of no person and is on no client's path: `path_id` is its own id."""

    question_id: UUID
    sender: Slug
    receiver: Slug

    @property
    def aggregate_id(self) -> UUID:
        return self.question_id


class PlacesAsked(PlaceEvent):
    """One institution asks another whether it has places, and hopes for an answer until `due_on`."""

    family = "intake"
    name = "places_asked"

    places: Annotated[int, Field(ge=1, le=MOST_PLACES)]
    workshop: Code | None = None
    from_on: date | None = None
    due_on: date


class PlacesAnswered(PlaceEvent):
    """So many places are free, from that day on; `sealed` may hold a note."""

    family = "referral"
    name = "places_answered"

    free: Annotated[int, Field(ge=0, le=MOST_PLACES)]
    from_on: date | None = None
    sealed: str | None = None

    def without_seal(self) -> Self:
        return self.model_copy(update={"sealed": None})
