"""What somebody has typed for a step of an application and not sent yet."""

from typing import Annotated

from pydantic import Field

from contracts.base import Instant, Message

_Name = Annotated[str, Field(min_length=1, max_length=100)]
_Value = Annotated[str, Field(max_length=10_000)]


class Unfinished(Message):
    """The fields of a form by name, exactly as typed, right or wrong; none when nothing is kept. One per step and
    person, whom alone it is shown to."""

    fields: dict[_Name, Annotated[tuple[_Value, ...], Field(max_length=50)]] = Field(default={}, max_length=200)
    saved_at: Instant | None = None
    """When it was kept; of what is sent to be kept this is not read."""
