"""The base of every message that crosses a border: frozen, strict about unknown fields, exact about time.

What does not fit is named in the error, never quoted: it may tell of a person, and errors end up in logs.
"""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

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


class Message(BaseModel):
    """A frozen value that comes from people or programs of others: an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Told(BaseModel):
    """A frozen value that our own processes tell each other: a newer writer may add fields an older reader ignores."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
