"""The pictures of the lifecycle are what the table says today."""

from typing import get_args

import pytest

from contracts.codes import ReferralKind
from rules.lifecycle_table import table
from rules.pictures import page, pages


def test_the_pictures_are_current() -> None:
    stale = [file.name for file, text in pages().items() if not file.exists() or file.read_text("utf-8") != text]
    assert stale == [], "run `python -m rules.pictures`"


@pytest.mark.parametrize("kind", get_args(ReferralKind))
def test_every_transition_of_a_kind_is_on_its_page_and_no_other(kind: ReferralKind) -> None:
    rows = [line.split(" | ") for line in page(kind).splitlines() if line.startswith("| ") and line[2].isdigit()]
    told = {(source, row[2].split("`")[1]) for row in rows for source in row[1].replace("`", "").split(", ")}
    assert told == {(entry.status, entry.transition.action) for entry in table().entries.values() if entry.kind == kind}
