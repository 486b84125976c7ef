"""Rows of the edge: who may call. Tokens and passwords are kept as hashes only."""

from datetime import datetime

from sqlalchemy import ARRAY, LargeBinary, String
from sqlalchemy.orm import registry
from sqlmodel import Field

from services.kit.database import Row

EDGE = registry()


class EdgeRow(Row, registry=EDGE):
    """Base of the rows of this service."""


class Token(EdgeRow, table=True):
    """A bearer token by its SHA-256: 256 random bits need no slow hash."""

    __tablename__ = "token"

    hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    agency: str
    actor: str
    roles: list[str] = Field(sa_type=ARRAY(String))
    expires_at: datetime | None = None


class Account(EdgeRow, table=True):
    """A person's login, with the password as argon2id."""

    __tablename__ = "account"

    login: str = Field(primary_key=True)
    agency: str
    role: str
    password: str
    failures: int = 0
    blocked_until: datetime | None = None
