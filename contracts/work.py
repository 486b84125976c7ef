"""What concerns an institution, for lists of work: ids, codes and instants, and apart from them what to call people."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts.api import OpinionAsked, RequestState, Times
from contracts.base import CaseNumber, Code, Instant, Message, Slug
from contracts.codes import Language, Urgency
from contracts.paths import DeadlineStatus, Moved

WorkKind = Literal["received", "sent", "application", "notice"]
"""A referral at its receiver, a referral at its sender, an application at its OPS, a notice at its addressee."""

AT_ONCE = 100
"""Paths, or people, in one question at most."""


class WorkDeadline(Message):
    """What falls due next on an item, with everything needed to check it by hand."""

    rule: Code
    owner: Slug
    due_at: Instant
    status: DeadlineStatus
    basis: str
    derivation: dict[Language, str]
    basis_text: dict[Language, str] | None = None
    """The basis in both languages; None in deadlines of before."""
    moved: Moved | None = None
    """What has changed its date last."""

    def basis_in(self, language: Language) -> str:
        """The basis in this language; those of before tell it in Polish only."""
        return (self.basis_text or {}).get(language, self.basis)


class WorkItem(Message):
    """A referral, an application or a notice as a list of work needs it; nothing in it tells who the person is.

    `revision` grows with every change of the item and `path_version` with every change of its path (0: no picture of it
    has come yet): of two answers about one item, the one in which neither is smaller is the newer.
    """

    id: UUID
    what: WorkKind
    path_id: UUID | None
    """None: a notice of before notices told it."""
    number: CaseNumber | None = None
    kind: Code
    urgency: Urgency = "normal"
    status: Code
    version: int
    revision: int
    path_version: int = 0
    sender: Slug
    receiver: Slug | None
    unit: Code | None = None
    claimed_by: str | None = None
    lease_until: Instant | None = None
    pending: RequestState | None = None
    """The sender's request that waits for the receiver's node."""
    last_request: RequestState | None = None
    ball: Slug | None
    """The institution whose move it is; None: nobody's."""
    reason: Code | None = None
    edition: Code | None = None
    """The edition of the receiver's workshop that the person is sent for, waits for or was accepted for."""
    times: Times = Times()
    deadline: WorkDeadline | None = None
    """The next one that is open, or missed and not yet met."""


class WorkPage(Message):
    """Of the paths that were asked for everything; of all items a part, `next` where it goes on."""

    items: tuple[WorkItem, ...]
    next: str | None = None


class OpinionWanted(OpinionAsked):
    """A draft that waits for the social worker's opinion."""

    id: UUID
    number: CaseNumber
    receiver: Slug | None


class Beside(Message):
    """What is on the way to becoming work: drafts of the institution, the day on which the first of them is deleted
    unless it is saved again, files that are being read in, the drafts that wait for an opinion, oldest first, and how
    many questions about places nobody has answered in time."""

    drafts: int
    purge_on: date | None = None
    imports: int
    opinions: tuple[OpinionWanted, ...] = ()
    places_overdue: int = 0


class PeopleWanted(Message):
    """The items whose people are to be named."""

    ids: tuple[UUID, ...] = Field(max_length=AT_ONCE)


class PersonOfItem(Message):
    """What to call the person of an item, as far as the caller may know: a name, or before a claim only the town.

    `number`: of the case that a notice is about, which its item does not tell.
    """

    id: UUID
    number: CaseNumber | None = None
    given_name: str | None = None
    family_name: str | None = None
    town: str | None = None


class People(Message):
    """Whoever is not the caller's to know is left out."""

    people: tuple[PersonOfItem, ...]
