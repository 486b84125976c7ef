"""The vocabulary of events, and the page made of all rules."""

from pathlib import Path

import pytest

from contracts.events import REGISTRY, ApplicationEvent, ReferralFact, ReferralSubmitted
from rules.book import FILES, shipped
from rules.counters import counters
from rules.events import events
from rules.overview import page

DOCS = Path(__file__).parents[2] / "docs"


def test_every_event_that_is_a_fact_of_a_path_is_in_the_vocabulary_under_its_name() -> None:
    facts = {model.name for model in REGISTRY.values() if issubclass(model, ReferralFact | ApplicationEvent)}
    names = {ReferralSubmitted.name.removeprefix("referral_"), *facts}
    assert names == {code for code, event in events().items() if event.subject in ("referral", "application")}


def test_every_event_is_used_by_a_rule_or_a_counter_or_is_a_fact_of_a_path() -> None:
    used = {counter.counts for counter in counters()}
    for rule in shipped().rules:
        used |= {*rule.starts, *rule.ends, *rule.resumes, *rule.stops, *rule.goes_on}
    idle = {code for code, event in events().items() if event.subject not in ("referral", "application")} - used
    assert idle == set()


def test_what_starts_a_rule_is_about_one_subject() -> None:
    for rule in shipped().rules:
        assert len({events()[event].subject for event in rule.starts}) == 1, rule.id


def test_the_page_of_all_deadlines_is_current() -> None:
    assert (DOCS / "deadlines.md").read_text(encoding="utf-8") == page(), "python -m rules.overview > docs/deadlines.md"


@pytest.mark.parametrize("file", FILES)
def test_every_table_is_on_the_page(file: str) -> None:
    assert f"(../rules/{file})" in page()


def test_every_rule_and_counter_is_on_the_page_with_its_basis() -> None:
    found = page()
    for rule in shipped().rules:
        assert f"`{rule.id}` {rule.version}" in found
        assert rule.basis["pl"] in found
    assert all(f"`{counter.id}`" in found for counter in counters())
