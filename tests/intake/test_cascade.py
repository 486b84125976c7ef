"""The plan by which everything that goes on for a client is taken back, for any set of things in any state."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contracts.codes import ApplicationStatus, ReferralKind, Status
from rules import lifecycle
from rules.applications import open_statuses
from rules.errors import RuleError
from rules.lifecycle_table import table
from rules.roles import roles as all_roles
from rules.withdrawal import causes
from services.intake import cascade, paths
from services.intake.applications.models import ApplicationRow
from services.intake.cascade import Going
from services.intake.models import Draft, SentReferral

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)
CAUSES = sorted(causes())
SENDERS = sorted({role for entry in table().entries.values() if entry.side == "sender" for role in entry.roles})
ROLES = [*(frozenset({role}) for role in SENDERS), frozenset(all_roles())]
KNOWN, GONE = "cis-poraj", "cis-zamkniety"


def _referral(number: int, kind: ReferralKind, status: Status, receiver: str) -> SentReferral:
    return SentReferral(
        id=UUID(int=number),
        agency="ops-poraj",
        client_id=UUID(int=1),
        path_id=UUID(int=2),
        number="S26-0000-0000",
        receiver=receiver,
        kind=kind,
        urgency="normal",
        status=status,
        version=number % 7,
        custodian=None,
        sealed_form="",
        created_at=AT,
    )


def _application(number: int, status: ApplicationStatus) -> ApplicationRow:
    return ApplicationRow(
        id=UUID(int=number),
        agency="ops-poraj",
        client_id=UUID(int=1),
        path_id=UUID(int=2),
        number="S26-0000-0000",
        route="A",
        channel="paper",
        urgency="normal",
        receiver=None,
        status=status,
        version=number % 7,
        received_on=date(2026, 6, 1),
        registered_at=AT,
        sealed_form="",
        sealed_work="",
    )


def _draft(number: int, status: Any) -> Draft:
    return Draft(
        id=UUID(int=number),
        agency="ops-poraj",
        client_id=UUID(int=1),
        path_id=UUID(int=2),
        number="S26-0000-0000",
        receiver=None,
        kind=None,
        urgency="normal",
        status=status,
        sealed_form="",
        created_at=AT,
        saved_at=AT,
    )


GOING_ON: list[tuple[ReferralKind, Status]] = [
    pair
    for pair in dict.fromkeys((entry.kind, entry.status) for entry in table().entries.values())
    if pair[1] in paths.OPEN and paths.is_going_on(_referral(10, *pair, KNOWN))
]
"""The kinds of referral in the states in which they can be and go on."""

numbers = st.integers(10, 10_000)
referrals = st.builds(
    lambda number, pair, receiver: _referral(number, *pair, receiver),
    numbers,
    st.sampled_from(GOING_ON),
    st.sampled_from([KNOWN, GONE]),
)
applications = st.builds(_application, numbers, st.sampled_from(open_statuses()))
drafts = st.builds(_draft, numbers, st.sampled_from(["draft", "opinion_pending"]))


@dataclass(frozen=True)
class Case:
    going: Going
    cause: str
    roles: frozenset[str]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    one_each = {"max_size": 4, "unique_by": lambda row: row.id}
    sent = draw(st.lists(referrals, **one_each))
    asked = draw(st.sets(st.sampled_from([row.id for row in sent]))) if sent else set()
    going = Going(sent, draw(st.lists(applications, **one_each)), draw(st.lists(drafts, **one_each)), asked)
    return Case(going, draw(st.sampled_from(CAUSES)), draw(st.sampled_from(ROLES)))


def _plan(case: Case) -> Any:
    return cascade.plan(case.going, causes()[case.cause], roles=case.roles, known=lambda slug: slug == KNOWN)


@given(cases())
def test_each_thing_is_in_the_plan_once_with_an_act_or_with_why_it_stays(case: Case) -> None:
    items = _plan(case)
    going = case.going
    assert [item.id for item in items] == [row.id for row in (*going.referrals, *going.applications, *going.drafts)]
    assert all((item.action is None) != (item.remains is None) for item in items)


@given(cases())
def test_what_is_planned_for_a_referral_is_what_the_table_allows(case: Case) -> None:
    by_id = {row.id: row for row in case.going.referrals}
    for item in _plan(case):
        if item.what == "referral":
            possible = [action for action in ("withdraw", "request_cancel") if _allowed(case, by_id[item.id], action)]
            waits = item.id in case.going.asked or by_id[item.id].receiver == GONE
            assert item.action == (possible[0] if possible and not waits else None)


def _allowed(case: Case, row: SentReferral, action: str) -> bool:
    try:
        lifecycle.decide(
            kind=row.kind, status=row.status, action=action, side="sender", roles=case.roles, reason=case.cause
        )
    except RuleError:
        return False
    return True


@given(cases())
def test_what_is_done_leaves_only_what_was_asked_to_stop(case: Case) -> None:
    by_id = {row.id: row for row in case.going.referrals}
    for item in _plan(case):
        if item.what == "referral" and item.action is not None:
            row = by_id[item.id]
            row.status, _ = lifecycle.goes(
                table().entries[row.kind, row.status, item.action, "sender"].transition, row.status, ()
            )
            assert not paths.is_going_on(row) or row.status == "cancel_requested"


@given(cases(), st.data())
def test_the_stamp_is_another_one_as_soon_as_one_thing_has_changed(case: Case, data: st.DataObject) -> None:
    cause = causes()[case.cause]
    before = cascade.stamp(case.going, cause, _plan(case))
    assert cascade.stamp(case.going, cause, _plan(case)) == before
    every = [*case.going.referrals, *case.going.applications, *case.going.drafts]
    if not every:
        return
    changed = data.draw(st.sampled_from(every))
    if isinstance(changed, Draft):
        changed.revision += 1
    else:
        changed.version += 1
    assert cascade.stamp(case.going, cause, _plan(case)) != before


def test_a_head_can_take_back_everything_that_no_answer_is_awaited_for() -> None:
    going = Going([_referral(number, *pair, KNOWN) for number, pair in enumerate(GOING_ON, start=10)])
    stays = {item.status: item.remains for item in _plan(Case(going, "person_died", ROLES[-1])) if item.action is None}
    assert stays == {"cancel_requested": "asked_already", "return_proposed": "answer_first"}


def test_what_may_be_opened_again_is_shown_and_stays() -> None:
    ended = _referral(10, "service", "completed", KNOWN)
    ended.reopen_asked = True
    (item,) = _plan(Case(Going([ended]), "person_died", ROLES[-1]))
    assert (item.action, item.remains) == (None, "may_be_reopened")
