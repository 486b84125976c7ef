"""A referral as a FHIR R4 Task, and back: for systems that read FHIR. Pure; nothing about the person is in it.

Task.status says little, so the state itself stands in Task.businessStatus, and from there it is read back. Sources of
the columns: HL7 FHIR R4 Task, the profile SDOH Clinical Care, IHE 360X.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, cast, get_args

from pydantic import model_validator

from contracts.base import Code, Message
from contracts.codes import Status
from rules.data import Raw, read, refuse_doubles, rows, wrong
from rules.lifecycle_table import FhirTaskStatus, table

FILE = "fhir.toml"

STATUS = "urn:sciezka:referral-status"
REASON = "urn:sciezka:reason"
OUTCOME = "urn:sciezka:outcome"
EVIDENCE = "urn:sciezka:evidence"
X360 = "urn:ihe:360x:business-status"

Profile = Literal["r4", "sdoh"]

NEEDS_REASON: tuple[FhirTaskStatus, ...] = ("on-hold", "rejected", "cancelled", "failed")
"""What a task never is without telling why."""

OWN = "own"


class NotOurs(Exception):
    """The task does not tell a state of the lifecycle, or contradicts the one it tells."""


class Mapped(Message):
    """How one state is exported. `reason`: a code, `own` for the one that was given, None for none."""

    code: Status
    sdoh: FhirTaskStatus
    x360: str | None = None
    reason: Code | None = None


class Reported(Message):
    """What a task tells of a referral. Raises ValueError when a reason or an outcome is missing or out of place."""

    status: Status
    reason: Code | None = None
    outcome: Code | None = None
    evidence: Code | None = None

    @model_validator(mode="after")
    def _tells_what_its_state_asks_for(self) -> "Reported":
        if (self.reason is None) == (mapped()[self.status].reason == OWN):
            raise ValueError("a reason is given where the state has one of its own, and nowhere else")
        if not (self.outcome is None) == (self.evidence is None) == (self.status != "completed"):
            raise ValueError("what is completed, and nothing else, has an outcome and what proves it")
        return self


def build(raw: Raw) -> dict[Status, Mapped]:
    """Raises RulesError when a state is doubled or missing, or a task would not tell why it is where it is."""
    found = rows(FILE, raw, "states", Mapped)
    refuse_doubles(FILE, "states", (row.code for row in found))
    missing = set(get_args(Status)) - {row.code for row in found}
    if missing:
        raise wrong(FILE, "states", None, f"no row for {', '.join(sorted(missing))}")
    for number, row in enumerate(found, start=1):
        if row.reason is None and {row.sdoh, table().states[row.code].fhir} & set(NEEDS_REASON):
            raise wrong(FILE, "states", number, "a task that is on hold, rejected, cancelled or failed needs a reason")
    return {row.code: row for row in found}


@cache
def mapped() -> dict[Status, Mapped]:
    """The table that ships with this package."""
    return build(read(FILE))


def task(reported: Reported, profile: Profile = "r4") -> dict[str, Any]:
    """The task, as JSON has it."""
    row, state = mapped()[reported.status], table().states[reported.status]
    business = [_coding(STATUS, reported.status, state.wording["pl"])]
    if row.x360 is not None:
        business.append(_coding(X360, row.x360))
    found: dict[str, Any] = {
        "resourceType": "Task",
        "status": row.sdoh if profile == "sdoh" else state.fhir,
        "intent": "order",
        "businessStatus": {"coding": business},
    }
    reason = reported.reason if row.reason == OWN else row.reason
    if reason is not None:
        found["statusReason"] = {"coding": [_coding(REASON, reason)]}
    if reported.outcome is not None and reported.evidence is not None:
        found["output"] = [_output(OUTCOME, reported.outcome), _output(EVIDENCE, reported.evidence)]
    return found


def reported(exported: Mapping[str, Any]) -> Reported:
    """What this task tells. Raises NotOurs."""
    try:
        status = _code(exported["businessStatus"], STATUS)
        row = mapped()[cast(Status, status)]
        if exported["status"] not in (table().states[row.code].fhir, row.sdoh):
            raise NotOurs
        outputs = [output["valueCodeableConcept"] for output in exported.get("output", ())]
        return Reported(
            status=row.code,
            reason=_code(exported["statusReason"], REASON) if row.reason == OWN else None,
            outcome=next((code for output in outputs if (code := _code(output, OUTCOME))), None),
            evidence=next((code for output in outputs if (code := _code(output, EVIDENCE))), None),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise NotOurs from error


def _coding(system: str, code: str, display: str | None = None) -> dict[str, str]:
    return {"system": system, "code": code} | ({"display": display} if display else {})


def _output(system: str, code: str) -> dict[str, Any]:
    concept = {"coding": [_coding(system, code)]}
    return {"type": {"text": system.rpartition(":")[2]}, "valueCodeableConcept": concept}


def _code(concept: Mapping[str, Any], system: str) -> str | None:
    return next((str(each["code"]) for each in concept["coding"] if each["system"] == system), None)
