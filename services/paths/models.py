"""Rows of the node's copy of paths."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field

from services.kit.database import Row

PATHS = registry()


class PathsRow(Row, registry=PATHS):
    """Base of the rows of this service."""


class PathCopy(PathsRow, table=True):
    """A path as one institution may see it."""

    __tablename__ = "path"

    id: UUID = Field(primary_key=True)
    agency: str = Field(primary_key=True)
    version: int
    view: dict[str, Any] = Field(sa_type=JSONB)


class Notice(PathsRow, table=True):
    """A reminder, a missed or a moved deadline or a dead letter, for the people of one institution.

    A dead letter has the letter's id, a cause and, once it was dealt with, an outcome; the others rule, referral and
    instant. `node` is where the letter is. A deadline that was moved also has when it fell due before, and why.
    """

    __tablename__ = "notice"

    id: UUID = Field(primary_key=True)
    agency: str
    kind: str
    path_id: UUID
    referral_id: UUID | None = None
    rule: str | None = None
    audience: str | None = None
    due_at: datetime | None = None
    at: datetime
    cause: str | None = None
    node: str | None = None
    outcome: str | None = None
    was: datetime | None = None
    why: dict[str, str] | None = Field(default=None, sa_type=JSONB)


class Freshness(PathsRow, table=True):
    """Up to when this node knows everything that the path node has told it."""

    __tablename__ = "freshness"

    one: bool = Field(default=True, primary_key=True)
    as_of: datetime


class RulebookCopy(PathsRow, table=True):
    """The rules that the path node computes by: `text` is the local rule file laid over those of the release."""

    __tablename__ = "rulebook"

    one: bool = Field(default=True, primary_key=True)
    number: int = Field(sa_type=BigInteger)
    rules: str
    text: str
    since: datetime
