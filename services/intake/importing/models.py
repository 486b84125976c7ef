"""Rows of imports. A tenant sees its own only; `QueuedImport`, which holds ids, is seen by the worker."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from contracts.imports import ImportState, Outcome
from services.intake.models import IntakeRow


class ImportRow(IntakeRow, table=True):
    """A file that was sent in, and how far it has come; by whom, in which roles."""

    __tablename__ = "import"

    id: UUID = Field(primary_key=True)
    agency: str
    actor: str
    roles: list[str] = Field(sa_type=ARRAY(String))
    state: ImportState = Field(sa_type=String)
    dry_run: bool
    total: int
    done: int = 0
    created: int = 0
    same: int = 0
    bad: int = 0
    created_at: datetime
    finished_at: datetime | None = None


class PartRow(IntakeRow, table=True):
    """A piece of the file, sealed: number 0 is its head, the others are rows, numbered by the first of them."""

    __tablename__ = "import_part"

    import_id: UUID = Field(primary_key=True)
    part: int = Field(primary_key=True)
    agency: str
    sealed: str


class OutcomeRow(IntakeRow, table=True):
    """What became of a row. `digest` and `place` tell it from others: blind indexes of its content, and of what only
    one referral at a time can be about, followed by that of its person and receiver. `referral_id` of a bad row is the
    referral that is in its way. `errors` hold codes and sentences, nothing of the file."""

    __tablename__ = "import_row"

    import_id: UUID = Field(primary_key=True)
    row: int = Field(primary_key=True)
    agency: str
    outcome: Outcome = Field(sa_type=String)
    referral_id: UUID | None = None
    digest: bytes | None = Field(default=None, sa_type=LargeBinary)
    place: bytes | None = Field(default=None, sa_type=LargeBinary)
    errors: list[dict[str, Any]] = Field(sa_type=JSONB)


class KnownRow(IntakeRow, table=True):
    """A row of some file of this institution, and the referral or draft it became; for ever, unless the draft was
    discarded."""

    __tablename__ = "import_mark"

    agency: str = Field(primary_key=True)
    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    referral_id: UUID


class KnownColumns(IntakeRow, table=True):
    """What the columns of files with these headers mean to this institution: field by place of the column."""

    __tablename__ = "import_columns"

    agency: str = Field(primary_key=True)
    fingerprint: bytes = Field(primary_key=True, sa_type=LargeBinary)
    fields: dict[str, str | None] = Field(sa_type=JSONB)


class QueuedImport(IntakeRow, table=True):
    """An import with rows to do."""

    __tablename__ = "import_queue"

    import_id: UUID = Field(primary_key=True)
    agency: str
    created_at: datetime
