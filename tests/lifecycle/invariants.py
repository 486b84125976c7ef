"""What must hold of every referral at every moment, by number. Each raises AssertionError with what is wrong.

The numbers are those of the description of the lifecycle; 10 is asked when something has arrived, 3, 4 and 12 when
everything has.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, get_args
from uuid import UUID

from contracts.codes import Side, Status
from contracts.paths import PathFact
from rules import fhir
from rules.calendar import local_day
from rules.fhir import Reported
from rules.lifecycle import Transition, goes, is_open
from rules.lifecycle_table import table
from rules.limits import limit
from services.referral.domain import IN_CHARGE, has_files, is_shared
from tests.lifecycle.life import Life, Step
from workflows.agenda import Agenda, apply, emitted

BEFORE_ACCEPTANCE = ("submitted", "delivered", "in_review", "info_requested", "redirect_proposed")
NOBODYS = ("completed", "cancelled", "unreachable")
"""Ended by the receiver, who has let the person go; whoever sent it leads what it never took charge of."""

EMPTIED = ("withdrawn", "redirected", "no_response", "voided")
"""Nothing of the person stays at the receiver."""

NOTED = ("request_refused", "seen")
"""Facts that are no transition: a request that was refused, the first look."""

OF_REQUESTS = ("sealed_note", "sealed_answer")
"""What the sender's copy has from the sender's own request, and not from a fact."""

SHARED = ("status", "version", "custodian", "review_on", "meet_at", "attempts", "signed_on", "outcome", "evidence")
"""What both sides know of a referral."""


def one_custodian(life: Life) -> None:
    """1. Exactly one institution leads the case until it has ended, and it is the one the law says."""
    row = life.received
    if row is None:
        assert life.sent.custodian == life.sent.agency
        return
    ours = life.kind == "service" or (life.kind != "application" and row.started_at is not None)
    if row.status in BEFORE_ACCEPTANCE or not ours:
        assert row.custodian == row.sender, (row.status, row.custodian)
    elif is_open(row.status):
        assert row.custodian == row.agency, (row.status, row.custodian)
    else:
        assert row.custodian == (None if row.status in NOBODYS else row.sender), (row.status, row.custodian)


def nothing_happens_by_itself(step: Step) -> None:
    """2. Every change has somebody who did it, a row of the table that allows it, and its time."""
    assert step.actor
    assert step.fact.at is not None
    if step.fact.name in NOTED:
        assert step.fact.status == step.before
        return
    rows = _rows().get((step.before, step.fact.by, step.fact.name), [])
    assert step.fact.status in {goes(row, step.before, step.trail)[0] for row in rows}, step


def whoever_came_first_has_won(life: Life) -> None:
    """3. A request of the sender is done or refused by the state it finds, once; and the sender knows which."""
    answers = Counter(request_id for fact in life.facts if (request_id := getattr(fact, "request_id", None)))
    assert set(answers) == life.handled == set(life.requests)
    assert set(answers.values()) <= {1}
    for fact in life.facts:
        if (request_id := getattr(fact, "request_id", None)) is not None:
            assert life.requests[request_id].state == ("refused" if fact.name == "request_refused" else "done")
    for step in life.steps:
        if step.fact.name == "withdrawn":
            assert step.before in BEFORE_ACCEPTANCE


def nobody_is_forgotten(life: Life, agenda: Agenda) -> None:
    """4. What is open has a deadline with an owner, a review besides a lease."""
    if life.kind == "application" and life.status == "accepted":
        return
    if is_open(life.status):
        owners = {watch.deadline.owner for watch in agenda.watches if watch.pending and _about(watch, life)}
        assert owners, (life.status, agenda.watches)
        assert owners <= {life.sent.agency, life.sent.receiver}
    assert (life.id in life.session.leases) == (life.status == "in_review")


def nothing_is_sent_after_the_end(life: Life) -> None:
    """5. After the end only what the table knows of an ended referral is told, and that a request was refused."""
    for step in life.steps[-2:]:
        if not is_open(step.before):
            after = {name for status, _, name in _rows() if status == step.before}
            assert step.fact.name in after | {"request_refused"}, step


def each_notice_once(notices: Sequence[UUID]) -> None:
    """6. A reminder, and word of a missed deadline, is given once."""
    assert len(set(notices)) == len(notices)


def no_circles(life: Life) -> None:
    """7. A case that is sent on comes to nobody twice, and not too often."""
    passed = [life.sent.agency, *life.sent.lineage, life.sent.receiver]
    assert len(set(passed)) == len(passed), passed
    assert len(life.sent.lineage) <= limit("redirect_hops", local_day(life.clock.time))


def reported(life: Life) -> Reported:
    """What is told of the referral to systems that read FHIR."""
    row = life.received
    if row is None:
        return Reported(status="submitted")
    own = fhir.mapped()[row.status].reason == fhir.OWN
    reason = row.suspended_for if row.status == "suspended" else row.reason
    done = row.status == "completed"
    return Reported(
        status=row.status,
        reason=reason if own else None,
        outcome=row.outcome if done else None,
        evidence=row.evidence if done else None,
    )


def an_end_tells_why(life: Life) -> None:
    """8. What is completed has an outcome; what was refused, cancelled, failed or waits has a reason."""
    reported(life)


def access_follows_from_the_state(life: Life) -> None:
    """9. What the receiver may see of the person follows from the state and the consent, and from nothing else."""
    row = life.received
    if row is None:
        return
    texts = (row.sealed_dossier, row.sealed_question, row.sealed_answer, row.sealed_note, row.sealed_summary)
    assert (row.sealed_dossier is None) == (row.status in EMPTIED)
    assert row.status not in EMPTIED or set(texts) == {None}, row.status
    assert row.consent_ended <= (life.kind == "service")
    assert is_shared(row) == (not row.consent_ended)
    taken_on = bool({row.status, *row.trail} & set(IN_CHARGE)) and row.status not in EMPTIED
    assert has_files(row) == (taken_on and not row.consent_ended)


def the_copy_is_its_facts(life: Life) -> None:
    """10. The sender's copy is what the facts make of it, whenever they came."""
    ignored = set(OF_REQUESTS)
    assert life.copy_from_facts().model_dump(exclude=ignored) == life.sent.model_dump(exclude=ignored)


def fhir_tells_the_same(life: Life) -> None:
    """11. The FHIR export reads back as the same state."""
    for profile in get_args(fhir.Profile):
        assert fhir.reported(fhir.task(reported(life), profile)) == reported(life)


def all_know_the_same(life: Life, agenda: Agenda) -> None:
    """12. The receiver's row, the sender's copy and the path's workflow tell the same."""
    assert life.received is not None
    assert [getattr(life.sent, name) for name in SHARED] == [getattr(life.received, name) for name in SHARED]
    assert is_open(life.sent.status) == (life.sent.ended_at is None)
    course = next(course for course in agenda.courses if course.id == life.id)
    assert (course.status, course.custodian) == (life.received.status, life.received.custodian)


def overdue_blocks_nothing(before: object, after: object) -> None:
    """13. What may be done with a referral is the same after a deadline was missed."""
    assert before == after


def handing_back_is_a_handover(life: Life, others: Collection[UUID]) -> None:
    """14. A case that is sent on or handed back is never without an institution that leads it."""
    row = life.received
    if row is not None and row.status in ("redirect_proposed", "redirected", "return_proposed", "returned"):
        assert row.custodian is not None
        assert row.status != "redirected" or row.followed_by in others


def history_replays(history: Iterable[PathFact | tuple[datetime, set[UUID]]], agenda: Agenda) -> None:
    """15. The history, as it was stored, read by the code of today gives the state of today."""
    state = Agenda(path_id=agenda.path_id)
    for each in history:
        if isinstance(each, PathFact):
            state = apply(state, PathFact.model_validate_json(each.model_dump_json()))
        else:
            state = emitted(state, *each)
    assert state == agenda


@cache
def _rows() -> dict[tuple[Status, Side, str | None], list[Transition]]:
    """What is told from which state by which side, and the transitions it may be."""
    found: dict[tuple[Status, Side, str | None], list[Transition]] = {}
    for entry in table().entries.values():
        found.setdefault((entry.status, entry.side, entry.transition.tells), []).append(entry.transition)
    return found


def _about(watch: Any, life: Life) -> bool:
    return bool(watch.deadline.referral_id == life.id)


AT_EVERY_MOMENT = (
    one_custodian,
    nothing_is_sent_after_the_end,
    no_circles,
    an_end_tells_why,
    access_follows_from_the_state,
    fhir_tells_the_same,
)
