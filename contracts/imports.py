"""Import of a whole list of referrals from a file: what the public interface tells of it."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts.api import ProblemField
from contracts.base import Instant, Message

ImportState = Literal["waiting", "running", "done", "failed", "cancelled"]
"""failed: the program could not go on; cancelled: a person stopped it. What was created until then stays."""

ImportAction = Literal["cancel", "send"]
"""cancel: no further row is taken; send: the file of a dry run once more, and for good."""

Outcome = Literal["created", "same", "bad"]
"""same: the referral of this row is there already, from this file or an earlier one or typed by hand; it goes to the
same receiver. An open referral of the person to another one, where only one may be open, makes the row bad."""

Understood = Literal["given", "remembered", "guessed"]


class NewImport(Message):
    """What the sender of a file says about it.

    `mapping`: field by header, None to pass a column over; what is not named is remembered from the last file with
    these headers, or guessed. `values`: text by field, for every row that has nothing in that column.
    """

    mapping: dict[str, str | None] = Field(default_factory=dict)
    values: dict[str, str] = Field(default_factory=dict)
    dry_run: bool = False


class ImportColumn(Message):
    """A column of the file, and the place in the form that it fills; None: it is passed over.

    `known_from`: the caller gave it, gave it for an earlier file with these headers, or it was told by the name.
    """

    header: str
    field: str | None = None
    known_from: Understood | None = None


class FileColumns(Message):
    """How the columns of a file are understood before it is sent in, and what it would be refused for."""

    rows: int
    columns: tuple[ImportColumn, ...]
    unknown_columns: tuple[str, ...]
    missing: tuple[ProblemField, ...]


class Import(Message):
    """A file on its way to referrals. `created` counts those that a real run would create when it is a `dry_run`."""

    id: UUID
    name: str | None
    """The file's own name, as long as the file is kept."""
    state: ImportState
    dry_run: bool
    total: int
    done: int
    created: int
    same: int
    bad: int
    columns: tuple[ImportColumn, ...]
    """Empty once the file is deleted."""
    unknown_columns: tuple[str, ...]
    created_at: Instant
    finished_at: Instant | None


class ImportPage(Message):
    items: tuple[Import, ...]
    next: str | None = None


class ImportedError(ProblemField):
    """What is wrong with a row, and in which column of the file; without a column it is about what is missing there."""

    column: str | None


class ImportedRow(Message):
    """What became of one row. `row` counts from 1 at the top of the file, as a spreadsheet does. `link` leads to the
    referral that the row became or met, of a bad row to the open one that is in its way."""

    row: int
    outcome: Outcome
    referral_id: UUID | None
    link: str | None
    errors: tuple[ImportedError, ...] = ()


class ImportedRowPage(Message):
    items: tuple[ImportedRow, ...]
    next: int | None = None
    """The `after` of the next page."""
