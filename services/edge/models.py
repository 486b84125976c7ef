"""Rows of the edge: who may call. Tokens and passwords are kept as hashes only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, String
from sqlalchemy.orm import registry
from sqlmodel import Field

from services.kit.database import Row

EDGE = registry()


class EdgeRow(Row, registry=EDGE):
    """Base of the rows of this service."""


class Token(EdgeRow, table=True):
    """A bearer token by its SHA-256: 256 random bits need no slow hash.

    With `expires_at` it is a session: `actor` is the login of its person, `last_seen` when they last did something, up
    to a minute late.
    """

    __tablename__ = "token"

    hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    agency: str
    actor: str
    roles: list[str] = Field(sa_type=ARRAY(String))
    expires_at: datetime | None = None
    last_seen: datetime | None = None


class Account(EdgeRow, table=True):
    """A person, with the password as argon2id. `agency` is their home, whose administrator keeps the account; the id
    stands in addresses, where a login would tell a name."""

    __tablename__ = "account"

    login: str = Field(primary_key=True)
    id: UUID
    agency: str
    name: str
    password: str
    disabled_at: datetime | None = None
    failures: int = 0
    blocked_until: datetime | None = None
    signed_in_at: datetime | None = None


class PostRow(EdgeRow, table=True):
    """A role of a person in an institution. `used_at`: when they last signed in for it."""

    __tablename__ = "post"

    login: str = Field(primary_key=True)
    agency: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    used_at: datetime | None = None


class Lent(EdgeRow, table=True):
    """A role that the directory gave somebody in an institution which is not their home; it gives each once."""

    __tablename__ = "lent"

    login: str = Field(primary_key=True)
    agency: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
