"""The book: which version of the law governs a case, and what a change of it moves."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from contracts.paths import Deadline, Stop
from rules.book import Book, read_book, shipped
from rules.calendar import calendar, local_day
from rules.lengths import parse
from tests.rules.booking import BASIS, CLOSING, HOLIDAY, LONGER, SHORTER, ends, opened


def test_a_case_keeps_the_law_of_its_start() -> None:
    started_before = opened(shipped(), "extension_started", "2022-03-01", "2021-06-01")["extension_period"]
    started_after = opened(shipped(), "extension_started", "2022-03-01", "2022-01-01")["extension_period"]
    assert (ends(started_before), started_before.rule_version) == ("2022-08-31", "2009")
    assert (ends(started_after), started_after.rule_version) == ("2023-02-28", "2022")
    assert (started_before.governed_on, started_after.governed_on) == (date(2021, 6, 1), date(2022, 1, 1))


def test_an_employer_keeps_whom_the_law_of_their_start_says() -> None:
    assert ends(opened(shipped(), "subsidised_job_started", "2022-02-14")["subsidised_job"]) == "2023-02-13"
    assert ends(opened(shipped(), "subsidised_job_started", "2022-02-15")["subsidised_job"]) == "2022-08-14"


def test_practice_is_that_of_the_day_whenever_a_case_began() -> None:
    found = opened(shipped(), "pup_contacted", "2025-06-02", "2024-01-01", kind="service")["ipd_contact"]
    assert (ends(found), found.rule_version) == ("2025-07-02", "2025")
    before = opened(shipped(), "pup_contacted", "2025-05-31", "2024-01-01", kind="service")["ipd_contact"]
    assert (ends(before), before.rule_version) == ("2025-07-30", "2004")


def test_a_transitional_rule_reaches_cases_that_run() -> None:
    transitional = with_version("extension_period", "2022", applies="running_cases")
    found = opened(transitional, "extension_started", "2022-03-01", "2021-06-01")["extension_period"]
    assert found.rule_version == "2022"
    running = opened(shipped(), "extension_started", "2021-12-01")["extension_period"]
    assert ends(running) == "2022-05-31"
    assert transitional.again(running, date(2021, 12, 31)) is running
    moved = transitional.again(running, date(2022, 1, 1))
    assert (ends(moved), moved.rule_version, moved.revision) == ("2022-11-30", "2022", 1)
    assert shipped().again(running, date(2022, 1, 1)) is running


def with_version(rule_id: str, version: str, **change: Any) -> Book:
    rules = tuple(
        rule.model_copy(update=change) if (rule.id, rule.version) == (rule_id, version) else rule
        for rule in shipped().rules
    )
    return replace(shipped(), rules=rules)


def test_a_new_law_does_not_reach_a_case_that_began_without_it() -> None:
    assert "kis_report" not in opened(shipped(), "year_began", "2023-01-01", "2020-01-01", kind="kis")
    assert "kis_report" in opened(shipped(), "year_began", "2023-01-01", "2022-03-01", kind="kis")


def test_a_practice_that_ended_starts_nothing_any_more() -> None:
    assert "effectiveness" in opened(shipped(), "project_left", "2023-12-31")
    assert "effectiveness" not in opened(shipped(), "project_left", "2024-01-01", "2023-01-01")


def test_a_deadline_keeps_all_it_was_computed_from() -> None:
    answer = opened(shipped(), "info_requested", "2026-03-03", "2026-03-02", due_on=date(2026, 3, 9))["answer"]
    assert (answer.named_on, answer.governed_on, answer.urgency) == (date(2026, 3, 9), date(2026, 3, 2), "normal")
    assert (answer.rule_kind, answer.revision, answer.stops) == ("service_level", 0, ())
    assert answer.basis_text is not None
    assert answer.basis_text["pl"] == answer.basis


def test_a_changed_service_level_moves_what_runs_once() -> None:
    book = read_book(LONGER)
    decision = opened(shipped(), "delivered", "2026-03-05")["decision"]
    assert ends(decision) == "2026-03-12"
    assert book.again(decision, date(2026, 3, 8)) is decision
    moved = book.again(decision, date(2026, 3, 9))
    assert (ends(moved), moved.rule_version, moved.revision) == ("2026-03-16", "3+2026-03-09", 1)
    assert (moved.id, moved.base_at, moved.base_event) == (decision.id, decision.base_at, decision.base_event)
    assert moved.basis.endswith("; Zarządzenie")
    assert book.again(moved, date(2026, 3, 9)) is moved
    assert book.length_of(decision, date(2026, 3, 9)) == parse("10d")
    assert ends(opened(book, "delivered", "2026-03-05")["decision"]) == "2026-03-12"
    assert ends(opened(book, "delivered", "2026-03-10")["decision"]) == "2026-03-20"


def test_a_shorter_service_level_ends_nothing_before_it_is_in_force() -> None:
    decision = opened(shipped(), "delivered", "2026-03-03")["decision"]
    moved = read_book(SHORTER).again(decision, date(2026, 3, 9))
    assert ends(moved) == "2026-03-09"
    assert "zmiana obowiązuje od 9.03.2026" in moved.derivation["pl"]
    assert read_book(SHORTER).again(moved, date(2026, 3, 20)) is moved


def test_what_ended_before_a_change_is_not_touched_by_it() -> None:
    decision = opened(shipped(), "delivered", "2026-02-27")["decision"]
    assert ends(decision) == "2026-03-06"
    assert read_book(LONGER).again(decision, date(2026, 3, 20)) is decision


def test_an_institution_may_have_a_length_of_its_own() -> None:
    text = LONGER.replace('rule = "decision"', 'rule = "decision"\ninstitution = "cis-poraj"') + SHORTER
    book = read_book(text)
    assert ends(opened(book, "delivered", "2026-03-10")["decision"]) == "2026-03-20"
    assert ends(opened(book, "delivered", "2026-03-10", receiver="cis-inny")["decision"]) == "2026-03-16"


def test_a_length_for_a_time_gives_way_to_the_rules_own_again() -> None:
    book = read_book(LONGER.replace("valid_from = 2026-03-09", "valid_from = 2026-03-09\nvalid_to = 2026-03-11"))
    assert book.next_change(date(2026, 3, 8)) == date(2026, 3, 9)
    assert book.next_change(date(2026, 3, 9)) == date(2026, 3, 12)
    decision = opened(book, "delivered", "2026-03-10")["decision"]
    assert ends(decision) == "2026-03-20"
    assert ends(book.again(decision, date(2026, 3, 12))) == "2026-03-17"


def test_a_new_holiday_moves_only_what_depends_on_it() -> None:
    book = read_book(HOLIDAY)
    claim, decision = (opened(shipped(), "delivered", "2026-03-05")[rule] for rule in ("claim", "decision"))
    assert (ends(claim), ends(decision)) == ("2026-03-10", "2026-03-12")
    moved = book.again(claim, date(2026, 3, 5))
    assert (ends(moved), moved.revision) == ("2026-03-11", 1)
    assert "Dzień Próby 10.03.2026" in moved.derivation["pl"]
    assert moved.calendar_version.startswith(f"{calendar().version}+")
    assert book.again(decision, date(2026, 3, 5)) is decision
    assert shipped().again(moved, date(2026, 3, 5)) == claim.model_copy(update={"revision": 2})


def test_closing_days_move_service_levels_of_their_institution_and_no_law() -> None:
    book = read_book(CLOSING)
    assert ends(opened(book, "delivered", "2026-03-05")["claim"]) == "2026-03-11"
    assert ends(opened(book, "delivered", "2026-03-05", receiver="cis-inny")["claim"]) == "2026-03-10"
    law = opened(book, "kpa_certificate_requested", "2026-03-03")["kpa_certificate"]
    assert (law.rule_kind, ends(law)) == ("law", "2026-03-10")


def test_a_stop_moves_the_decision_and_its_ladder() -> None:
    decision = opened(shipped(), "delivered", "2026-03-03")["decision"]
    question = Stop(since=datetime(2026, 3, 5, 9, tzinfo=UTC), event="info_requested")
    paused = decision.model_copy(update={"stops": (question,)})
    assert shipped().again(paused, date(2026, 3, 20)) is paused
    gone_on = paused.model_copy(update={"stops": (question.model_copy(update={"until": at_ten("2026-03-09")}),)})
    moved = shipped().again(gone_on, date(2026, 3, 9))
    assert (ends(decision), ends(moved), moved.revision) == ("2026-03-10", "2026-03-16", 1)
    assert "doliczono 4 dni przerwy: pytanie 5.03–9.03.2026" in moved.derivation["pl"]
    assert [
        local_day(rung.at) - local_day(was.at) for was, rung in zip(decision.ladder, moved.ladder, strict=True)
    ] == [
        timedelta(days=4),
        timedelta(days=6),
        timedelta(days=6),
        timedelta(days=6),
        timedelta(days=6),
        timedelta(days=6),
    ]


def at_ten(day: str) -> datetime:
    return calendar().at_local(date.fromisoformat(day), time(10))


def test_a_whole_version_of_a_rule_replaces_the_shipped_one_for_its_time() -> None:
    book = read_book(f"""
[[rules]]
id = "claim"
version = "powiat-2026"
wording = {{ pl = "podjęcie skierowania", en = "taking up the referral" }}
kind = "service_level"
evidence = "chosen"
{BASIS}
valid_from = 2026-03-09
valid_to = 2026-03-31
kinds = ["statutory_cis"]
starts = ["delivered"]
ends = ["claimed", "accepted", "declined"]
length = "1wd"
cut_off = 15:00:00
owner = "receiver"
ladder = [{{ at = "0", audience = "owner" }}]
""")
    for day, version in (("2026-03-08", "2"), ("2026-03-09", "powiat-2026"), ("2026-04-01", "2")):
        assert opened(book, "delivered", day)["claim"].rule_version == version
    assert [rule.version for rule in book.rules if rule.id == "claim"] == ["2", "2", "powiat-2026"]
    claim = opened(shipped(), "delivered", "2026-03-06")["claim"]
    assert ends(book.again(claim, date(2026, 3, 9))) == "2026-03-09"


def test_the_version_of_a_book_tells_its_local_file() -> None:
    assert read_book("") is shipped()
    assert read_book("# nic\n") is shipped()
    first, second = read_book(LONGER), read_book(SHORTER)
    assert first.version.startswith(f"{shipped().version}+")
    assert first.version != second.version
    assert read_book(HOLIDAY, first).lengths == first.lengths
    assert read_book(CLOSING, read_book(HOLIDAY)).calendar.holiday(date(2026, 3, 10)) is not None


def test_deadlines_of_before_are_read_and_computed_alike() -> None:
    claim = opened(shipped(), "delivered", "2026-03-05")["claim"]
    newer = {"basis_text", "rule_kind", "urgency", "named_on", "governed_on", "stops", "revision"}
    before = Deadline.model_validate(claim.model_dump(exclude=newer))
    assert (before.governed_on, before.urgency) == (None, "normal")
    assert shipped().again(before, date(2026, 3, 6)) is before
    assert ends(read_book(HOLIDAY).again(before, date(2026, 3, 6))) == "2026-03-11"
    answer = opened(shipped(), "info_requested", "2026-03-03", due_on=date(2026, 3, 9))["answer"]
    assert shipped().again(answer.model_copy(update={"named_on": None}), date(2026, 3, 3)).due_at == answer.due_at


def test_a_version_that_begins_with_another_event_does_not_govern_what_has_begun() -> None:
    book = with_version("kis_certificate", "2015", applies="running_cases")
    certificate = opened(book, "kis_certificate_requested", "2015-09-15", kind="kis")["kis_certificate"]
    assert book.again(certificate, date(2015, 10, 24)) is certificate
    contact = opened(shipped(), "pup_contacted", "2025-05-20", kind="service")["ipd_contact"]
    moved = shipped().again(contact, date(2025, 6, 1))
    assert (ends(contact), ends(moved)) == ("2025-07-19", "2025-06-19")


def test_a_deadline_of_a_rule_that_is_gone_stays_as_it_is() -> None:
    claim = opened(shipped(), "delivered", "2026-03-05")["claim"].model_copy(update={"rule": "gone"})
    assert shipped().again(claim, date(2026, 3, 6)) is claim
    assert shipped().length_of(claim, date(2026, 3, 6)) is None


def test_an_unknown_event_is_refused_by_every_question() -> None:
    for ask in (shipped().closed_by, shipped().resumed_by, shipped().stopped_by, shipped().restarted_by):
        with pytest.raises(ValueError, match="unknown event"):
            ask("dreamt")
