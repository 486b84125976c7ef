"""The base of every message that crosses a border: frozen, strict about unknown fields, exact about time.

What does not fit is named in the error, never quoted: it may tell of a person, and errors end up in logs.
"""

import re
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

Instant = AwareDatetime
"""A moment with its offset. We store and send UTC."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
"""The short name of an institution or a node: `ops-poraj`, `cis`."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""A coded value whose wording lives in `rules/`."""

RoleCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z_]*$", max_length=60)]
"""A role of `rules/roles.toml`: `OPS_HEAD`."""

CaseNumber = Annotated[str, StringConstraints(pattern=r"^S\d{2}-[0-9A-Z]{4}-[0-9A-Z]{4}$")]
"""The system's own number of a referral (`contracts.ids.case_number`), not the office's *znak sprawy*."""


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Invisible characters that no text needs, and of which no database keeps the first; tabs and ends of lines are not."""


def without_control_characters(text: str) -> str:
    """The text as a message may hold it."""
    return _CONTROL.sub("", text)


class Message(BaseModel):
    """A frozen value that comes from people or programs of others: an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @field_validator("*")
    @classmethod
    def _no_control_characters(cls, value: Any) -> Any:
        if isinstance(value, str) and _CONTROL.search(value):
            raise PydanticCustomError("control_characters", "a text holds control characters")
        return value


class Told(BaseModel):
    """A frozen value that our own processes tell each other: a newer writer may add fields an older reader ignores."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
