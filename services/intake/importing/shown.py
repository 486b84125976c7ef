"""Imports as the public interface shows them."""

from collections.abc import Sequence
from uuid import UUID

from contracts.api import ProblemField
from contracts.codes import Language
from contracts.imports import FileColumns, Import, ImportedError, ImportedRow, ImportedRowPage
from services.intake.importing.columns import Head, missing_columns
from services.intake.importing.models import ImportRow, OutcomeRow
from services.kit.problems import Problem

PAGE_ROWS = 200


def of_import(file: ImportRow, head: Head | None) -> Import:
    """`head` is None once the file is deleted."""
    return Import(
        id=file.id,
        name=head.name if head else None,
        state=file.state,
        dry_run=file.dry_run,
        total=file.total,
        done=file.done,
        created=file.created,
        same=file.same,
        bad=file.bad,
        columns=head.columns if head else (),
        unknown_columns=head.unknown if head else (),
        created_at=file.created_at,
        finished_at=file.finished_at,
    )


def of_columns(head: Head, rows: int, language: Language) -> FileColumns:
    """What would be refused is worded as the refusal would be."""
    missing = Problem("import_columns_missing", errors=missing_columns(head)).body(language).get("errors", ())
    return FileColumns(
        rows=rows,
        columns=head.columns,
        unknown_columns=head.unknown,
        missing=tuple(map(ProblemField.model_validate, missing)),
    )


def page_of(rows: Sequence[OutcomeRow], head: Head | None, language: Language) -> ImportedRowPage:
    """A page of at most `PAGE_ROWS`; one row more tells that there is a next one."""
    items = tuple(_row(row, head, language) for row in rows[:PAGE_ROWS])
    return ImportedRowPage(items=items, next=items[-1].row if len(rows) > PAGE_ROWS else None)


def errors_of(row: OutcomeRow, head: Head | None, language: Language) -> tuple[ImportedError, ...]:
    """What is wrong with a row, in this language, with the column of the file where it is."""
    return tuple(
        ImportedError(
            field=error["field"],
            code=error["code"],
            message=error[language],
            column=head.header_of(error["field"]) if head else None,
        )
        for error in row.errors
    )


def _row(row: OutcomeRow, head: Head | None, language: Language) -> ImportedRow:
    return ImportedRow(
        row=row.row,
        outcome=row.outcome,
        referral_id=row.referral_id,
        link=_link(row.referral_id),
        errors=errors_of(row, head, language),
    )


def _link(referral_id: UUID | None) -> str | None:
    return f"/api/v1/referrals/{referral_id}" if referral_id else None
