"""Dead letters as people and programs see them: the worklist of a node, at the API and on the command line."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import StringConstraints

from contracts.base import Code, Instant, Message, Slug

LetterState = Literal["failing", "dead", "resolved", "dropped"]
"""failing: still tried again by itself; dead: waits for a person; resolved: handled after all; dropped: given up."""

Wish = Literal["retry", "drop"]

Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
"""Why a person gives an event up; kept with it for whoever asks later."""


class Link(Message):
    """Where the message came along: `ops→cis intake #17`. What takes no number on its link has none."""

    source: str
    target: str
    family: str
    number: int | None

    def __str__(self) -> str:
        number = "" if self.number is None else f" #{self.number}"
        return f"{self.source}→{self.target} {self.family}{number}"


class Behind(Message):
    """Later events of the same case, which wait for this one."""

    count: int
    since: Instant | None


class DeadLetterItem(Message):
    """One message that could not be handled; `cause` for programs, `sentence` and `remedy` for people."""

    id: UUID
    node: Slug
    service: Slug
    state: LetterState
    type: str | None
    cause: Code
    sentence: str
    remedy: str
    attempts: int
    age_seconds: int
    first_at: Instant
    last_at: Instant
    link: Link
    agency: Slug | None
    path_id: UUID | None
    referral_id: UUID | None
    version: int | None
    behind: Behind
    wish: Wish | None
    reason: str | None
    decided_by: str | None
    closed_at: Instant | None


class DeadLetterPage(Message):
    items: tuple[DeadLetterItem, ...]
    next: str | None = None


class BodyMark(Message):
    """A body that is not shown: how long it is and which one."""

    size: int
    sha256: str


class DeadLetterDetail(DeadLetterItem):
    """The item, the headers, and of the event what travels in the clear. `sealed` parts are told by their size.

    A body that keeps no contract known here may hold anything, so that none of it is shown.
    """

    headers: dict[str, str]
    event: dict[str, Any] | None
    body: BodyMark


class Decision(Message):
    """What a person decides about a letter; to give an event up takes a reason."""

    reason: Why | None = None
