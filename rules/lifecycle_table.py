"""The table behind the lifecycle: states, transitions and wording, read and checked once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Literal, get_args

from pydantic import Field

from contracts.base import Code, Message
from contracts.codes import Language, ReferralKind, Side, Status
from rules.data import Raw, Wording, read, refuse_doubles, rows, section_of, wrong
from rules.kinds import Kind, kinds
from rules.reasons import lists
from rules.roles import Level, Role, roles

FILE = "lifecycle.toml"

FhirTaskStatus = Literal[
    "draft",
    "requested",
    "received",
    "accepted",
    "rejected",
    "ready",
    "cancelled",
    "in-progress",
    "on-hold",
    "failed",
    "completed",
    "entered-in-error",
]
"""FHIR R4 value set task-status."""


class State(Message):
    """One state of a referral. `ball`: whose move it is; `fhir`: Task.status of FHIR R4."""

    code: Status
    open: bool
    ball: Side
    fhir: FhirTaskStatus
    wording: Wording


class _Row(Message):
    row: Annotated[int, Field(ge=1)]
    action: Code
    sources: Annotated[tuple[Status, ...], Field(alias="from", min_length=1)]
    target: Annotated[Status, Field(alias="to")]
    side: Side
    roles: Annotated[dict[ReferralKind, tuple[str, ...]], Field(min_length=1)]
    fields: tuple[Code, ...] = ()
    reasons: Code | None = None
    custody: tuple[ReferralKind, ...] = ()
    wording: Wording


class Sides(Message):
    sender: Wording
    receiver: Wording
    system: Wording

    def of(self, side: Side) -> dict[Language, str]:
        return {"sender": self.sender, "receiver": self.receiver, "system": self.system}[side]


class ReasonErrors(Message):
    """What is said about a reason that will not do."""

    reason_required: Wording
    unknown_reason: Wording
    note_required: Wording


class Errors(ReasonErrors):
    """What is said when an action is refused."""

    illegal_action: Wording
    role_not_allowed: Wording


@dataclass(frozen=True)
class Transition:
    """What an action leads to.

    `fields` must be told with it; where `reasons` names a list, a reason from it (and a note, when that reason asks for
    one) besides. `moves_custody`: the receiver is in charge from then on. `row`: number in the lifecycle description.
    """

    action: str
    target: Status
    fields: tuple[str, ...]
    reasons: str | None
    moves_custody: bool
    row: int
    wording: dict[Language, str] = field(hash=False)


@dataclass(frozen=True)
class Entry:
    """A transition in its place: when it can be done, by which side, by whom. The system has no roles."""

    kind: ReferralKind
    status: Status
    side: Side
    roles: frozenset[str]
    transition: Transition

    @property
    def key(self) -> tuple[ReferralKind, Status, str, Side]:
        return self.kind, self.status, self.transition.action, self.side


@dataclass(frozen=True)
class Table:
    """Everything the lifecycle knows, checked."""

    states: Mapping[Status, State]
    entries: Mapping[tuple[ReferralKind, Status, str, Side], Entry]
    sides: Sides
    errors: Errors


def build(raw: Raw) -> Table:
    """Raises RulesError, naming file and row, when a state is unknown or missing, an action doubled, a word missing."""
    found = rows(FILE, raw, "states", State)
    refuse_doubles(FILE, "states", (state.code for state in found))
    states: dict[Status, State] = {state.code: state for state in found}
    missing = set(get_args(Status)) - set(states)
    if missing:
        raise wrong(FILE, "states", None, f"no row for {', '.join(sorted(missing))}")
    entries: dict[tuple[ReferralKind, Status, str, Side], Entry] = {}
    for number, row in enumerate(rows(FILE, raw, "transitions", _Row), start=1):
        _check(number, row)
        for entry in _entries(number, row):
            if entry.key in entries:
                raise wrong(FILE, "transitions", number, f"{' / '.join(entry.key)} is given twice")
            entries[entry.key] = entry
    return Table(
        states=states,
        entries=entries,
        sides=section_of(FILE, raw, "sides", Sides),
        errors=section_of(FILE, raw, "errors", Errors),
    )


def _check(number: int, row: _Row) -> None:
    if row.reasons is not None and row.reasons not in lists():
        raise wrong(FILE, "transitions", number, f"unknown list of reasons {row.reasons}")
    if not set(row.custody) <= set(row.roles):
        raise wrong(FILE, "transitions", number, "custody names a kind of referral that the row does not have")
    if any(bool(named) == (row.side == "system") for named in row.roles.values()):
        raise wrong(FILE, "transitions", number, "people need roles and the system has none")


def _entries(number: int, row: _Row) -> Iterator[Entry]:
    for kind, named in row.roles.items():
        allowed = _allowed(number, named, row.side, kinds().by_code[kind])
        transition = Transition(
            action=row.action,
            target=row.target,
            fields=row.fields,
            reasons=row.reasons,
            moves_custody=kind in row.custody,
            row=row.row,
            wording=row.wording,
        )
        for source in row.sources:
            yield Entry(kind, source, row.side, allowed, transition)


def _allowed(number: int, named: tuple[str, ...], side: Side, kind: Kind) -> frozenset[str]:
    """The role codes meant by these names: a level stands for everyone of that level on this side."""
    here = [role for role in roles().values() if set(role.agencies) & set(kind.agencies(side))]
    allowed: set[str] = set()
    for name in named:
        meant = _meant(name, here)
        if not meant:
            raise wrong(FILE, "transitions", number, f"no role {name} on the side of the {side} of {kind.code}")
        allowed |= meant
    return frozenset(allowed)


def _meant(name: str, here: list[Role]) -> set[str]:
    if name in get_args(Level):
        return {role.code for role in here if role.level == name}
    return {role.code for role in here if role.code == name}


@cache
def table() -> Table:
    """The table that ships with this package."""
    return build(read(FILE))
