"""A referral as a FHIR task and back: every state can be told, and is read back as it was."""

from copy import deepcopy
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from contracts.codes import Status
from rules import fhir
from rules.data import RulesError, read
from rules.fhir import NEEDS_REASON, NotOurs, Profile, Reported, reported, task
from rules.lifecycle_table import FhirTaskStatus, table

STATUSES: tuple[Status, ...] = get_args(Status)


def example(status: Status) -> Reported:
    """A referral in this state, with what the state asks for."""
    completed = status == "completed"
    return Reported(
        status=status,
        reason="other" if fhir.mapped()[status].reason == fhir.OWN else None,
        outcome="open_market" if completed else None,
        evidence="document" if completed else None,
    )


@pytest.mark.parametrize("profile", get_args(Profile))
@pytest.mark.parametrize("status", STATUSES)
def test_every_state_is_read_back_as_it_was_told(status: Status, profile: Profile) -> None:
    told = task(example(status), profile)
    assert reported(told) == example(status)


@pytest.mark.parametrize("profile", get_args(Profile))
@pytest.mark.parametrize("status", STATUSES)
def test_every_task_has_what_fhir_requires(status: Status, profile: Profile) -> None:
    told = task(example(status), profile)
    assert (told["resourceType"], told["intent"]) == ("Task", "order")
    assert told["status"] in get_args(FhirTaskStatus)
    assert ("statusReason" in told) >= (told["status"] in NEEDS_REASON)
    assert ("output" in told) == (told["status"] == "completed")


def test_states_carry_the_fhir_task_status() -> None:
    assert {state.code: state.fhir for state in table().states.values()} == {
        "draft": "draft",
        "opinion_pending": "draft",
        "submitted": "requested",
        "delivered": "received",
        "in_review": "received",
        "info_requested": "on-hold",
        "redirect_proposed": "on-hold",
        "accepted": "accepted",
        "waitlisted": "on-hold",
        "scheduled": "in-progress",
        "no_show": "in-progress",
        "in_service": "in-progress",
        "suspended": "on-hold",
        "cancel_requested": "in-progress",
        "return_proposed": "in-progress",
        "completed": "completed",
        "declined": "rejected",
        "redirected": "rejected",
        "withdrawn": "cancelled",
        "cancelled": "cancelled",
        "returned": "failed",
        "no_response": "cancelled",
        "unreachable": "failed",
        "voided": "entered-in-error",
    }


def test_a_task_of_the_waiting_list_tells_so_in_every_profile() -> None:
    waiting = Reported(status="waitlisted")
    assert (task(waiting)["status"], task(waiting, "sdoh")["status"]) == ("on-hold", "accepted")
    assert task(waiting)["statusReason"] == {"coding": [{"system": fhir.REASON, "code": "waitlist"}]}
    assert task(waiting)["businessStatus"]["coding"] == [
        {"system": fhir.STATUS, "code": "waitlisted", "display": "Na liście oczekujących"},
        {"system": fhir.X360, "code": "3.0"},
    ]


@pytest.mark.parametrize(
    "told",
    [
        {"status": "declined"},
        {"status": "accepted", "reason": "other"},
        {"status": "completed"},
        {"status": "completed", "outcome": "open_market"},
        {"status": "in_service", "outcome": "open_market", "evidence": "document"},
    ],
)
def test_what_has_no_reason_or_outcome_where_it_needs_one_cannot_be_told(told: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Reported.model_validate(told)


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "completed"},
        {"businessStatus": {"coding": [{"system": "urn:other", "code": "declined"}]}},
        {"businessStatus": {"coding": [{"system": fhir.STATUS, "code": "asleep"}]}},
        {"businessStatus": None},
        {"statusReason": {"coding": []}},
        {"output": [{"valueCodeableConcept": {}}]},
    ],
)
def test_a_task_that_tells_no_state_or_contradicts_it_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(NotOurs):
        reported({**task(example("declined")), **changed})


def test_a_table_that_leaves_out_a_reason_or_a_state_is_refused() -> None:
    raw = deepcopy(read(fhir.FILE))
    fhir.build(raw)
    raw["states"][5].pop("reason")
    with pytest.raises(RulesError, match=r"fhir\.toml, \[\[states\]\] row 6: .* needs a reason"):
        fhir.build(raw)
    raw["states"].pop(5)
    with pytest.raises(RulesError, match="no row for info_requested"):
        fhir.build(raw)
