"""What was typed is read as far as it goes, whatever stands where."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.api import NewReferral
from services.intake.reading import check_depth, check_text, is_draft, read
from services.kit.problems import FieldError, Problem

GOOD: dict[str, Any] = {
    "receiver": "cis-poraj",
    "reason": "x",
    "client": {"given_name": "A", "family_name": "B", "address": {"town": "Poraj"}},
    "grounds": ["HOMELESS", "OTHER"],
    "household": [{"relation": "child"}, {"relation": "parent", "given_name": "C"}],
    "opinion": {"result": "positive", "issued_on": "2026-01-02", "interview_on": "2026-01-01"},
}


def test_a_right_form_is_read_whole() -> None:
    assert read(GOOD).new == NewReferral.model_validate(GOOD)
    assert read(GOOD).errors == ()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"receiver": None}, "receiver"),
        ({"reason": ""}, "reason"),
        ({"grounds": ["HOMELESS", "HOUSELESS", "OTHER"]}, "grounds.1"),
        ({"household": [{"relation": "cousin"}, {"relation": "parent"}]}, "household.0.relation"),
        ({"opinion": {"result": "positive", "interview_on": "2026-01-01"}}, "opinion.issued_on"),
        ({"client": {"given_name": "A", "family_name": "B", "address": {"town": 7}}}, "client.address.town"),
        ({"client": 7}, "client"),
        ({"unknown": {"deep": 1}}, "unknown"),
    ],
)
def test_what_is_no_value_is_told_and_the_rest_is_read(wrong: dict[str, Any], field: str) -> None:
    reading = read(GOOD | wrong)
    assert [error.field for error in reading.errors] == [field]
    untouched = NewReferral.model_validate(GOOD)
    for name in NewReferral.model_fields.keys() - wrong.keys():
        assert getattr(reading.new, name) == getattr(untouched, name)


def test_of_a_list_the_right_items_stay() -> None:
    assert read(GOOD | {"grounds": ["HOUSELESS", "HOMELESS", "POOR", "OTHER"]}).new.grounds == ("HOMELESS", "OTHER")


@pytest.mark.parametrize(
    ("wrong", "found", "left"),
    [
        ({"client": {"given_name": "A", "family_name": "B", "pesel": 7}}, "client.birth_date", False),
        ({"client": {"given_name": "A", "family_name": "B", "phone": 7}}, "client.birth_date", True),
        ({"opinion": {"result": "good"}}, "opinion", False),
        ({"opinion": 7}, "opinion.result", False),
        ({"opinion": 7}, "opinion_other", True),
    ],
)
def test_what_is_only_missing_because_it_was_no_value_is_not_told_besides(
    wrong: dict[str, Any], found: str, left: bool
) -> None:
    reading = read(GOOD | wrong)
    objection = FieldError(found, "missing")
    assert reading.objections([objection]) == (*reading.errors, *([objection] if left else []))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["cis-poraj", "2026-01-01", "PL"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["town", "relation", "benefits", "given_name", "type", "x"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
FORMS = st.dictionaries(st.sampled_from([*NewReferral.model_fields, "x"]), JSON, max_size=8)


@settings(max_examples=300, deadline=None)
@given(typed=FORMS)
def test_whatever_was_typed_something_is_read_and_it_is_right_or_told(typed: dict[str, Any]) -> None:
    reading = read(typed)
    if not reading.errors:
        assert reading.new == NewReferral.model_validate(typed)
    NewReferral.model_validate(reading.new.model_dump(mode="json"))


@pytest.mark.parametrize(
    ("typed", "draft"),
    [
        ({}, False),
        ({"draft": True}, True),
        ({"draft": "true"}, True),
        ({"draft": "perhaps"}, False),
        ({"draft": []}, False),
    ],
)
def test_only_what_says_so_is_a_draft(typed: dict[str, Any], draft: bool) -> None:
    assert is_draft(typed) is draft


def test_text_that_is_none_is_named_by_its_place() -> None:
    check_text({"client": {"given_name": "Zażółć \N{SNOWMAN}"}})
    with pytest.raises(Problem) as problem:
        check_text({"client": {"given_name": "\ud800"}})
    assert [error.field for error in problem.value.errors] == ["client.given_name"]


def test_depth_has_an_end() -> None:
    deep: Any = "x"
    for _ in range(10_000):
        deep = [deep]
    check_depth(GOOD)
    with pytest.raises(Problem):
        check_depth({"client": deep})
