"""Why a request was refused is told in words, whoever refused it: the other node or people there."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from contracts.api import RequestState
from rules.reasons import reasons
from services.desk.words import refusal_of

REFUSED = [
    (action, each.code, each.wording["pl"])
    for action, name in (
        ("withdraw", "refuse_request"),
        ("request_cancel", "refuse_cancel"),
        ("request_cancel", "refuse_request"),
        ("ask_reopen", "refuse_reopen"),
        ("ask_reopen", "refuse_request"),
    )
    for each in reasons(name)
]


@pytest.mark.parametrize(("action", "code", "words"), REFUSED)
def test_why_a_request_was_refused_is_told_in_words(action: str, code: str, words: str) -> None:
    asked_at = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
    request = RequestState(id=UUID(int=7), action=action, state="refused", reason=code, asked_at=asked_at)
    assert refusal_of(request, "pl") == words
