"""The judge finds what is broken, and nothing else."""

from dataclasses import replace

from chaos.checker import check
from chaos.final import Final
from chaos.history import Entry
from tests.faults.examples import (
    FACTS,
    FINAL,
    HISTORY,
    LETTERS,
    RECEIVED,
    SENT,
    TAKEN,
    at,
    shown,
    submitted,
)


def broken(history: list[Entry] = HISTORY, final: Final = FINAL) -> list[str]:
    """The invariants that the judge finds broken."""
    return sorted({violation.invariant for violation in check(history, final)})


def test_a_good_run_has_no_violation() -> None:
    assert check(HISTORY, FINAL) == []


def test_an_accepted_referral_that_its_sender_does_not_have_is_lost() -> None:
    assert broken(final=replace(FINAL, sent=[])) == ["I1"]


def test_an_accepted_referral_that_never_arrived_is_lost() -> None:
    assert "I1" in broken([*HISTORY, *submitted(2, key="key-2", referral="referral-2")])


def test_a_submission_without_an_answer_is_not_lost() -> None:
    unknown = Entry(at(2), 2, "ops-poraj", "invoke", "submit", key="key-2")
    assert broken([*HISTORY, unknown, replace(unknown, phase="info")]) == []


def test_one_key_that_made_two_referrals_is_a_double() -> None:
    other = replace(SENT, referral="referral-2")
    final = replace(FINAL, sent=[SENT, other], received=[RECEIVED, replace(other, agency="cis-poraj")])
    assert broken([*HISTORY, *submitted(2, referral="referral-2")], final) == ["I2"]


def test_a_referral_nobody_asked_for_is_a_double() -> None:
    assert broken(final=replace(FINAL, sent=[SENT, replace(SENT, referral="referral-2")])) == ["I2"]


def test_a_referral_in_two_inboxes_is_a_double() -> None:
    assert broken(final=replace(FINAL, received=[RECEIVED, replace(RECEIVED, agency="cis-myszkow")])) == ["I2"]


def test_two_facts_of_one_version_are_a_double() -> None:
    assert "I2" in broken(final=replace(FINAL, facts=[*FACTS, replace(FACTS[1], id="fact-x")]))


def test_a_second_delivery_is_a_double() -> None:
    again = replace(FACTS[0], id="fact-x", version=5)
    assert "I2" in broken(final=replace(FINAL, facts=[*FACTS, again]))


def test_a_version_passed_over_is_out_of_order() -> None:
    taken = [row if row.id != "fact-3" else replace(row, state="ignored") for row in TAKEN]
    assert broken(final=replace(FINAL, taken=taken)) == ["I5"]


def test_an_event_left_parked_is_out_of_order_and_at_rest_nowhere() -> None:
    taken = [row if row.id != "fact-4" else replace(row, state="parked") for row in TAKEN]
    assert broken(final=replace(FINAL, taken=taken)) == ["I5", "I7"]


def test_an_event_that_a_fault_holds_is_no_violation() -> None:
    taken = [row if row.id != "fact-4" else replace(row, state="parked") for row in TAKEN]
    assert check(HISTORY, replace(FINAL, taken=taken), held=["fact-4"]) == []


def test_an_end_that_the_lifecycle_does_not_know_is_illegal() -> None:
    facts = [*FACTS[:2], replace(FACTS[2], status="withdrawn")]
    assert "I6" in broken(final=replace(FINAL, facts=facts))


def test_a_decision_after_the_decision_is_illegal() -> None:
    again = replace(FACTS[2], id="fact-5", version=5)
    assert "I6" in broken(final=replace(FINAL, facts=[*FACTS, again]))


def test_being_seen_changes_no_status() -> None:
    seen = replace(FACTS[2], name="seen", status="accepted")
    assert "I6" in broken(final=replace(FINAL, facts=[*FACTS[:2], seen]))


def test_a_letter_that_still_waits_is_a_silent_drop() -> None:
    waits = replace(LETTERS[0], is_sent=False)
    assert broken(final=replace(FINAL, letters=[waits, *LETTERS[1:]])) == ["I7"]


def test_a_letter_that_never_came_is_a_silent_drop() -> None:
    assert broken(final=replace(FINAL, taken=TAKEN[1:])) == ["I7"]


def test_a_letter_in_the_worklist_is_not_dropped() -> None:
    assert broken(final=replace(FINAL, taken=TAKEN[1:], dead=frozenset({("submission", "cis")}))) == []


def test_a_link_that_complains_is_a_violation() -> None:
    assert broken(final=replace(FINAL, alarms=["chain ops cis intake 4"])) == ["I7"]


def test_two_ends_that_differ_do_not_converge() -> None:
    assert broken(final=replace(FINAL, sent=[replace(SENT, custodian="cis-poraj")])) == ["I10"]


def test_a_request_without_an_answer_does_not_converge() -> None:
    assert broken(final=replace(FINAL, sent=[replace(SENT, pending=True)])) == ["I10"]


def test_a_version_shown_that_nobody_made_is_dishonest() -> None:
    assert broken([*HISTORY, shown(7, "accepted")]) == ["I12"]


def test_a_status_shown_that_the_version_does_not_have_is_dishonest() -> None:
    assert broken([*HISTORY, shown(3, "accepted")]) == ["I12"]


def test_a_decision_shown_before_it_was_made_is_dishonest() -> None:
    assert broken([*HISTORY, shown(4, "accepted", second=2)]) == ["I12"]
