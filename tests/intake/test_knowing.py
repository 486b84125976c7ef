"""What is known of a person: the newest told value wins, and nothing is lost by not repeating it."""

from typing import Any

import pytest

from contracts.api import NewReferral
from contracts.clients import Known
from contracts.form import Form
from services.intake.knowing import begun_with, known_of, newest, without


def _known(**told: Any) -> Known:
    beside = {name: told.pop(name) for name in ("background", "household", "accessibility") if name in told}
    person = {"given_name": "Anna", "family_name": "Nowak"} | told
    return Known.model_validate({"person": person, **beside})


@pytest.mark.parametrize(
    ("old", "new", "known"),
    [
        ({"phone": "1"}, {}, {"phone": "1"}),
        ({"phone": "1"}, {"phone": "2"}, {"phone": "2"}),
        (
            {"address": {"town": "Poraj", "street": "Leśna 1", "gmina": "2409062"}},
            {"address": {"town": "Poraj"}},
            {"address": {"town": "Poraj", "street": "Leśna 1", "gmina": "2409062"}},
        ),
        (
            {"address": {"town": "Poraj", "street": "Leśna 1"}},
            {"address": {"town": "Tychy"}},
            {"address": {"town": "Tychy"}},
        ),
        (
            {"background": {"education": 3}},
            {"background": {"occupation": "kucharz"}},
            {"background": {"education": 3, "occupation": "kucharz"}},
        ),
        ({"accessibility": ["diet"]}, {"accessibility": []}, {"accessibility": ["diet"]}),
        (
            {"representative": {"given_name": "A", "family_name": "B", "role": "attorney", "phone": "1"}},
            {"representative": {"given_name": "C", "family_name": "D", "role": "attorney"}},
            {"representative": {"given_name": "C", "family_name": "D", "role": "attorney"}},
        ),
    ],
)
def test_the_newest_told_value_wins(old: dict[str, Any], new: dict[str, Any], known: dict[str, Any]) -> None:
    assert newest(_known(**old), _known(**new)) == _known(**known)


def test_only_facts_about_the_person_are_carried_over() -> None:
    form = NewReferral.model_validate(
        {
            "receiver": "cis-poraj",
            "reason": "x",
            "client": {"given_name": "Anna", "family_name": "Nowak"},
            "background": {"education": 3},
            "grounds": ["HOMELESS"],
            "labour": {"benefits": []},
            "health": {"in_therapy": True},
            "situation": {"debts": "tak"},
            "general_clause": True,
            "consent": {"given_on": "2026-01-01", "version": "1"},
            "expectations": "x",
        }
    )
    assert form.client is not None
    begun = begun_with(Form(), known_of(form, form.client))
    assert begun == Form(client=form.client, background=form.background)


def test_taking_apart_gives_back_what_was_known_and_keeps_what_was_told_since() -> None:
    before = _known(address={"town": "Poraj"})
    added = _known(given_name="Ana", phone="1", email="a@example.org", address={"town": "Poraj", "street": "Leśna 1"})
    merged = newest(added, before)
    since = newest(merged, _known(phone="2", background={"education": 4}))
    assert without(merged, before, added) == before
    assert without(since, before, added) == _known(address={"town": "Poraj"}, phone="2", background={"education": 4})
