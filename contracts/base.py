"""The base of every message that crosses a border: frozen, strict about unknown fields, exact about time."""

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
    """A frozen value. Unknown fields are an error on our own side; readers of events use `Event.read`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
