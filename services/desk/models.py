"""Rows of the desk: forms that were sent, work items by ids and codes, how somebody likes a list. No person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field

from contracts.codes import Urgency
from contracts.work import WorkKind
from services.kit.database import Row

DESK = registry()


class DeskRow(Row, registry=DESK):
    """Base of the rows of this service."""


class Submission(DeskRow, table=True):
    """A form that was sent, by a hash of its key, and where it led."""

    __tablename__ = "submission"

    key: str = Field(primary_key=True)
    location: str | None = None
    at: datetime


class Work(DeskRow, table=True):
    """An item of an institution's work, as the interface last told it; what lists ask for stands in columns.

    `item` is what changes with `revision`, `deadline` what changes with `path_version`: each is as new as its number.
    """

    __tablename__ = "work"

    agency: str = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    what: WorkKind = Field(sa_type=String)
    kind: str
    status: str
    urgency: Urgency = Field(sa_type=String)
    path_id: UUID | None = None
    sender: str
    receiver: str | None = None
    unit: str | None = None
    claimed_by: str | None = None
    version: int
    revision: int
    path_version: int
    began_at: datetime
    """When it reached this institution, or left it."""
    due_at: datetime | None = None
    item: dict[str, Any] = Field(sa_type=JSONB)
    deadline: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    stored_at: datetime


class Mark(DeskRow, table=True):
    """Something of an institution's path has changed, at least to `version`: the path itself, or an item of it.

    It stays until an answer is that new; `asked`: how many were not.
    """

    __tablename__ = "mark"

    agency: str = Field(primary_key=True)
    path_id: UUID = Field(primary_key=True)
    about: UUID = Field(primary_key=True)
    version: int
    asked: int = 0
    since: datetime | None = None
    due_at: datetime | None = None


class Rebuilt(DeskRow, table=True):
    """When everything of an institution was last asked for, and which making of the consumer that followed."""

    __tablename__ = "rebuilt"

    agency: str = Field(primary_key=True)
    consumer_made: datetime
    at: datetime


class Liking(DeskRow, table=True):
    """How an account likes a list: the part of the list's address that says so."""

    __tablename__ = "liking"

    agency: str = Field(primary_key=True)
    login: str = Field(primary_key=True)
    list: str = Field(primary_key=True)
    query: str
