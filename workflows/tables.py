"""The rows of the path node: its paths, what happened on them, what falls due, what must still reach Temporal."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field

from services.kit.database import Row

PATH = registry()


class PathTable(Row, registry=PATH):
    """Base of the rows in the schema of the path service."""


class PathRow(PathTable, table=True):
    """One path: the fold over its facts (`workflows.agenda.Agenda`). Whoever changes the path locks this row first.

    `changed_at`: when the picture last changed; `checked_at`: when it was last compared with the workflow.
    """

    __tablename__ = "path"

    id: UUID = Field(primary_key=True)
    version: int
    stage: str
    state: dict[str, Any] = Field(sa_type=JSONB)
    changed_at: datetime
    checked_at: datetime


class ReferralRow(PathTable, table=True):
    """One referral: what its submission said and later events do not repeat, and its present status."""

    __tablename__ = "referral"

    id: UUID = Field(primary_key=True)
    path_id: UUID
    kind: str
    urgency: str
    sender: str
    receiver: str
    status: str
    custodian: str | None = None


class FactRow(PathTable, table=True):
    """One fact (`contracts.paths.PathFact`), in the order of arrival. From these a path can be rebuilt."""

    __tablename__ = "fact"

    pos: int | None = Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)])
    event_id: UUID
    path_id: UUID
    fact: dict[str, Any] = Field(sa_type=JSONB)


class DeadlineRow(PathTable, table=True):
    """One deadline with everything needed to check it by hand, and what became of it.

    `revision`: how often it was computed anew; `book`: the row of the rulebook under which that was last looked at.
    """

    __tablename__ = "deadline"

    id: UUID = Field(primary_key=True)
    path_id: UUID
    referral_id: UUID
    rule: str
    rule_version: str
    calendar_version: str
    basis: str
    derivation: dict[str, str] = Field(sa_type=JSONB)
    owner: str
    base_event: str
    base_at: datetime
    due_at: datetime
    status: str
    revision: int = 0
    book: int = Field(default=0, sa_type=BigInteger)


class EmissionRow(PathTable, table=True):
    """One reminder, or the missing, of a deadline: planned until `emitted_at`, and gone when the deadline ends before.

    The ids of its events, one per institution told, follow from its own (`workflows.watch.Item.id`). `revision`: that
    of the deadline. What was told before a move and is not told again has its row too.
    """

    __tablename__ = "emission"

    id: UUID = Field(primary_key=True)
    path_id: UUID
    deadline_id: UUID
    at: datetime
    kind: str
    audience: str | None = None
    emitted_at: datetime | None = None
    revision: int = 0


class WakeRow(PathTable, table=True):
    """One fact on its way to the workflow: tried again at `next_at` until `sent_at`. `trace`: what it goes on from."""

    __tablename__ = "wake"

    pos: int | None = Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)])
    path_id: UUID
    event_id: UUID
    attempts: int = 0
    next_at: datetime | None = None
    sent_at: datetime | None = None
    trace: str | None = None


class UntoldRow(PathTable, table=True):
    """A path that has changed at `since`, and the institutions have not been told since then.

    `cause`: the headers of the event that changed it; none when a deadline was missed.
    """

    __tablename__ = "untold"

    path_id: UUID = Field(primary_key=True)
    cause: dict[str, str] | None = Field(default=None, sa_type=JSONB)
    since: datetime | None = None


class RulebookRow(PathTable, table=True):
    """Rules and calendar from `applied_at` on: the newest row governs. `text`: the local rule file, or nothing.

    `day`: the local day as of which live deadlines follow from it; a day on which a transitional rule begins makes a
    row of its own.
    """

    __tablename__ = "rulebook"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)])
    version: str
    text: str
    who: str
    day: date
    applied_at: datetime


class MovedRow(PathTable, table=True):
    """A deadline whose date a change of rules or calendar has moved, and what has changed it."""

    __tablename__ = "moved"

    deadline_id: UUID = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    path_id: UUID
    referral_id: UUID
    rule: str
    owner: str
    was: datetime
    becomes: datetime
    why: dict[str, str] = Field(sa_type=JSONB)
    book: int = Field(sa_type=BigInteger)
    moved_at: datetime
