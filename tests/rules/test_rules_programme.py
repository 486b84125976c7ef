"""The deadlines of the law and of practice, D01 to D44: each with an event, a day and the day it gives."""

from datetime import date, datetime, time
from uuid import UUID

import pytest

from contracts.codes import ReferralKind
from contracts.paths import Deadline
from rules.book import shipped
from rules.calendar import calendar, local_day
from rules.counters import counters
from tests.rules.opening import ladder


def opened(event: str, day: str, kind: ReferralKind, governed_on: str | None = None) -> dict[str, Deadline]:
    found = shipped().opened_by(
        event,
        at=_ten(day),
        governed_on=date.fromisoformat(governed_on or day),
        referral_id=UUID(int=1),
        event_id=UUID(int=2),
        sender="ops-poraj",
        receiver="cis-poraj",
        urgency="normal",
        kind=kind,
    )
    return {deadline.rule: deadline for deadline in found}


def _ten(day: str) -> datetime:
    return calendar().at_local(date.fromisoformat(day), time(10))


GIVES: list[tuple[str, str, ReferralKind, str, str]] = [
    ("application_registered", "2026-03-03", "application", "interview", "2026-03-23"),
    ("interview_held", "2026-03-03", "application", "opinion", "2026-03-10"),
    ("body_information_requested", "2026-02-28", "application", "body_information", "2026-03-09"),
    ("proceedings_opened", "2026-01-31", "service", "kpa_case", "2026-03-02"),
    ("complex_proceedings_opened", "2026-01-31", "service", "kpa_complex_case", "2026-03-31"),
    ("appeal_received", "2026-03-02", "service", "kpa_appeal_case", "2026-04-02"),
    ("proceedings_opened", "2026-03-02", "service", "kpa_delay_notice", "2026-04-02"),
    ("complex_proceedings_opened", "2026-03-02", "service", "kpa_complex_delay_notice", "2026-05-04"),
    ("kpa_certificate_requested", "2026-03-03", "service", "kpa_certificate", "2026-03-10"),
    ("misdirected_filing_received", "2026-03-06", "service", "kpa_transfer", "2026-03-10"),
    ("defects_notified", "2026-03-03", "service", "kpa_defects", "2026-03-10"),
    ("decision_served", "2026-03-07", "service", "kpa_appeal", "2026-03-23"),
    ("urging_received", "2026-03-03", "service", "kpa_urging", "2026-03-10"),
    ("discontinuation_served", "2026-03-06", "statutory_cis", "discontinuation_complaint", "2026-04-07"),
    ("delivered", "2026-03-03", "service", "claim", "2026-03-06"),
    ("delivered", "2026-03-03", "service", "decision", "2026-03-10"),
    ("trial_started", "2026-03-03", "statutory_cis", "trial", "2026-04-02"),
    ("participant_qualified", "2026-04-02", "statutory_cis", "qualification_notice", "2026-04-02"),
    ("programme_started", "2026-03-03", "statutory_cis", "insurance_title", "2026-04-02"),
    ("programme_ended", "2026-03-03", "statutory_cis", "insurance_end", "2026-03-10"),
    ("month_began", "2026-03-01", "statutory_cis", "class_programme", "2026-03-31"),
    ("month_began", "2026-03-01", "statutory_cis", "attendance", "2026-04-03"),
    ("month_began", "2026-03-01", "statutory_cis", "benefit_payment", "2026-04-10"),
    ("benefits_paid", "2026-03-10", "statutory_cis", "refund_request", "2026-04-10"),
    ("main_started", "2026-04-03", "statutory_cis", "review_after_trial", "2026-04-10"),
    ("plan_reviewed", "2026-04-10", "statutory_cis", "review", "2026-07-10"),
    ("classes_ended", "2027-03-02", "statutory_cis", "final_review", "2027-03-09"),
    ("programme_started", "2026-03-03", "statutory_cis", "early_job", "2026-09-02"),
    ("main_started", "2026-04-03", "statutory_cis", "extension_decision", "2027-03-02"),
    ("main_started", "2026-04-03", "statutory_cis", "main_period", "2027-03-02"),
    ("extension_started", "2027-03-03", "statutory_cis", "extension_period", "2028-03-02"),
    ("extension_started", "2020-03-03", "statutory_cis", "extension_period", "2020-09-02"),
    ("work_started", "2026-08-15", "statutory_cis", "programme_tail", "2027-02-15"),
    ("classes_ended", "2027-03-02", "statutory_cis", "certificate", "2027-03-09"),
    ("left_without_work", "2027-03-02", "kis", "reregistration", "2027-03-09"),
    ("classes_ended", "2026-08-31", "statutory_cis", "alumnus", "2027-02-28"),
    ("kis_participation_ended", "2026-03-03", "kis", "kis_certificate", "2026-03-06"),
    ("kis_certificate_requested", "2015-07-15", "kis", "kis_certificate", "2015-09-15"),
    ("project_left", "2026-03-03", "service", "exit_status", "2026-03-31"),
    ("course_ended", "2026-03-03", "statutory_cis", "course_evaluation", "2026-06-03"),
    ("project_left", "2020-03-03", "statutory_cis", "effectiveness", "2020-06-03"),
    ("project_left", "2026-03-03", "service", "lasting_result", "2026-09-03"),
    ("project_left", "2026-03-03", "service", "follow_up", "2027-03-03"),
    ("subsidised_job_started", "2026-03-02", "service", "subsidised_job", "2026-09-01"),
    ("subsidised_job_started", "2020-03-02", "service", "subsidised_job", "2021-03-01"),
    ("job_refund_requested", "2026-03-05", "service", "job_refund", "2026-04-04"),
    ("ps_job_created", "2026-03-02", "service", "ps_job", "2027-09-01"),
    ("ps_job_created", "2026-03-02", "service", "ps_status", "2026-09-02"),
    ("cooperative_registered", "2026-03-02", "service", "cooperative_members", "2027-03-02"),
    ("year_began", "2026-01-01", "statutory_cis", "cis_report", "2026-03-31"),
    ("year_began", "2026-01-01", "kis", "kis_report", "2026-03-31"),
    ("explanation_demanded", "2026-03-07", "statutory_cis", "voivode_explanation", "2026-03-23"),
    ("remedy_demanded", "2026-03-05", "statutory_cis", "voivode_remedy", "2026-04-07"),
    ("unemployed_registered", "2026-03-02", "service", "ipd", "2026-05-31"),
    ("young_unemployed_registered", "2026-03-02", "service", "ipd_young", "2026-03-09"),
    ("ipd_agreed", "2026-03-02", "service", "ipd_contact", "2026-04-01"),
    ("ipd_agreed", "2024-03-04", "service", "ipd_contact", "2024-05-03"),
    ("register_left_for_work", "2026-03-02", "service", "work_support", "2026-05-01"),
    ("pup_contacted", "2026-03-02", "service", "status_contact", "2026-05-31"),
]


@pytest.mark.parametrize(("event", "day", "kind", "rule", "due"), GIVES)
def test_an_event_gives_this_date(event: str, day: str, kind: ReferralKind, rule: str, due: str) -> None:
    assert local_day(opened(event, day, kind)[rule].due_at).isoformat() == due


def test_every_deadline_of_the_description_is_a_rule_or_a_counter() -> None:
    described = {name for row in (*shipped().rules, *counters()) for name in row.described}
    assert described == {f"D{number:02}" for number in range(1, 45)}


def test_every_described_rule_has_an_example_here() -> None:
    assert {rule.id for rule in shipped().rules if rule.described} == {rule for _, _, _, rule, _ in GIVES}


def test_a_case_of_before_the_act_of_2022_ends_under_the_old_law() -> None:
    started = "2021-03-01"
    main = opened("main_started", "2021-04-01", "statutory_cis", started)["main_period"]
    extension = opened("extension_started", "2022-03-01", "statutory_cis", started)["extension_period"]
    assert [local_day(each.due_at) for each in (main, extension)] == [date(2022, 2, 28), date(2022, 8, 31)]
    assert "do 6 miesięcy" in extension.basis
    assert extension.derivation["pl"].startswith("6 miesięcy od 1.03.2022 (rozpoczął się okres dodatkowy)")


def test_the_clock_of_proceedings_stands_still_while_they_are_suspended() -> None:
    own = {"kpa_case", "kpa_complex_case", "kpa_appeal_case", "kpa_delay_notice", "kpa_complex_delay_notice"}
    assert shipped().stopped_by("proceedings_suspended") == shipped().restarted_by("proceedings_resumed") == own


def test_the_head_of_a_cis_is_warned_ten_and_three_days_before_the_trial_ends() -> None:
    trial = opened("trial_started", "2026-03-03", "statutory_cis")["trial"]
    assert (trial.owner, trial.rule_kind) == ("cis-poraj", "law")
    assert ladder(trial) == [
        ("2026-03-23 06:30", "owner"),
        ("2026-03-30 06:30", "owner"),
        ("2026-04-02 06:30", "head"),
        ("2026-04-03 06:30", "head"),
    ]


def test_a_warning_that_would_fall_on_a_day_off_comes_on_the_working_day_before() -> None:
    extension = opened("main_started", "2026-04-03", "statutory_cis")["extension_decision"]
    assert [at for at, _ in ladder(extension)] == ["2026-12-31 06:30", "2027-01-29 06:30", "2027-02-16 06:30"]


def test_law_is_never_rounded_to_working_days_of_one_institution_and_periods_are_never_moved() -> None:
    for rule in shipped().rules:
        assert not (rule.kind == "law" and rule.closing_days_count)
        assert not (rule.period and rule.roll_forward)
        assert rule.kind != "law" or rule.roll_forward or not rule.id.startswith("kpa_")


def test_a_recalled_basis_is_not_passed_off_as_read() -> None:
    recalled = {rule.id for rule in shipped().rules if rule.evidence == "recalled"}
    assert recalled == {"kpa_transfer", "kpa_defects", "kpa_appeal", "kpa_urging", "discontinuation_complaint"}
