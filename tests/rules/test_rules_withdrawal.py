"""The causes for which everything of a client is taken back."""

import pytest

from rules.data import RulesError
from rules.reasons import lists
from rules.withdrawal import build, causes


@pytest.mark.parametrize("code", causes())
def test_a_cause_is_a_reason_wherever_it_is_given(code: str) -> None:
    assert {code} <= {reason.code for reason in lists()["withdraw"]} & {reason.code for reason in lists()["cancel"]}
    assert causes()[code].application in {reason.code for reason in lists()["application_withdraw"]}


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ({"code": "wrong_data", "application": "person_died"}, "wrong_data is no reason of cancel"),
        ({"code": "other", "application": "person_died"}, "other is no reason of withdraw"),
        ({"code": "person_died", "application": "unheard_of"}, "unheard_of is no reason of application_withdraw"),
    ],
)
def test_a_cause_that_would_be_refused_somewhere_is_not_taken(row: dict[str, str], what: str) -> None:
    with pytest.raises(RulesError, match=what):
        build({"reasons": [row]})
