"""The worklist in a terminal: what a stranger wrote cannot dress up as ours."""

from datetime import UTC, datetime
from io import StringIO
from uuid import uuid4

import pytest
from rich.console import Console, RenderableType

from contracts.worklist import Behind, BodyMark, DeadLetterDetail, Link
from stack.worklist_view import letter, outcome, table

AT = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def found(**changes: object) -> DeadLetterDetail:
    """A letter of a type that its writer has chosen with care."""
    fields: dict[str, object] = {
        "id": uuid4(),
        "node": "cis",
        "service": "referral",
        "state": "dead",
        "type": "[bold]obsłużone[/bold]",
        "cause": "cannot_open",
        "sentence": "Nie da się otworzyć.",
        "remedy": "Sprawdź klucze.",
        "attempts": 1,
        "age_seconds": 7_300,
        "first_at": AT,
        "last_at": AT,
        "link": Link(source="ops", target="cis", family="intake", number=17),
        "agency": None,
        "path_id": None,
        "referral_id": None,
        "version": None,
        "behind": Behind(count=3, since=AT),
        "wish": None,
        "reason": None,
        "decided_by": None,
        "closed_at": None,
        "headers": {"ce-type": "[red]x[/red]"},
        "event": None,
        "body": BodyMark(size=2, sha256="0" * 64),
    }
    return DeadLetterDetail.model_validate(fields | changes)


def printed(what: RenderableType, width: int = 200) -> str:
    output = StringIO()
    Console(file=output, width=width).print(what)
    return output.getvalue()


def test_a_row_tells_link_age_and_what_waits_behind_and_shows_markup_as_text() -> None:
    text = printed(table([found()]))
    for expected in ("ops→cis intake #17", "2 h", "3, od 2026-06-01 08:00", "[bold]obsłużone[/bold]"):
        assert expected in text


def test_ids_stay_whole_in_a_narrow_terminal() -> None:
    each = found(referral_id=uuid4(), type="pl.sciezka.intake.referral_submitted.v1")
    text = printed(table([each]), width=100)
    for expected in (str(each.id), str(each.referral_id), "czeka na decyzję"):
        assert expected in text


def test_an_empty_list_says_so() -> None:
    assert "Nic nie czeka" in printed(table([]))


def test_one_letter_shows_markup_in_its_headers_as_text() -> None:
    assert "[red]x[/red]" in printed(letter(found()))


@pytest.mark.parametrize(
    ("changes", "beginning"),
    [
        ({"wish": "retry"}, "Zapisano."),
        ({"state": "resolved"}, "Obsłużono."),
        ({"state": "dropped"}, "Pominięto"),
        ({}, "Znowu się nie udało: Nie da się otworzyć. Sprawdź klucze."),
    ],
)
def test_an_outcome_is_a_sentence(changes: dict[str, object], beginning: str) -> None:
    assert outcome(found(**changes)).startswith(beginning)
