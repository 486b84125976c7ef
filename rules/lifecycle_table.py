"""The table behind the lifecycle: states, transitions and wording, read and checked once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from contracts.api import ActionBody
from contracts.base import Code, Message
from contracts.codes import Language, ReferralKind, Side, Status
from contracts.events import REGISTRY
from rules.data import Raw, Wording, read, refuse_doubles, rows, section_of, wrong
from rules.guards import GUARDS
from rules.kinds import Kind, kinds
from rules.reasons import lists
from rules.roles import Level, Role, roles

FILE = "lifecycle.toml"
PARTS = tuple(f"transitions/{part}.toml" for part in ("1_before", "2_in_charge", "3_handing_back", "4_after_the_end"))
"""The transitions, by the part of the life of a referral."""

_TOLD = frozenset(model.name for model in REGISTRY.values() if model.family == "referral")

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
    """One state of a referral. `ball`: whose move it is; `fhir`: Task.status of FHIR R4. A `passing` one is left to the
    state it was entered from; of a `replaceable` one another referral may take the place."""

    code: Status
    open: bool
    passing: bool = False
    replaceable: bool = False
    ball: Side
    fhir: FhirTaskStatus
    wording: Wording


Previous = Literal["previous"]
Same = Literal["same"]


class _Row(Message):
    row: Annotated[int, Field(ge=1)]
    action: Code
    sources: Annotated[tuple[Status, ...], Field(alias="from", min_length=1)]
    target: Annotated[Status | Previous | Same, Field(alias="to")]
    side: Side
    kinds: Annotated[tuple[ReferralKind, ...], Field(min_length=1)] = get_args(ReferralKind)
    roles: dict[ReferralKind, tuple[str, ...]]
    fields: tuple[Code, ...] = ()
    optional: tuple[Code, ...] = ()
    reasons: Code | None = None
    guards: tuple[Code, ...] = ()
    custody: tuple[ReferralKind, ...] = ()
    tells: Code | None = None
    wording: Wording

    @model_validator(mode="before")
    @classmethod
    def _one_list_for_all_kinds(cls, given: dict[str, object]) -> dict[str, object]:
        """Roles may be one list: it is for every kind of the row. The system has none."""
        roles = given.get("roles", [])
        if isinstance(roles, dict):
            return {**given, "kinds": tuple(roles)} if "kinds" not in given else given
        named = given.get("kinds")
        of = tuple(named) if isinstance(named, list) else get_args(ReferralKind)
        return {**given, "roles": dict.fromkeys(of, roles)}


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

    `fields` must be told with it, `optional` may be; where `reasons` names a list, a reason from it (and a note, when
    that reason asks for one) besides. `guards`: what must hold for it, by name. `moves_custody`: the institution that
    acts is in charge from then on. `tells`: the event that tells of it. `row`: number in the lifecycle description.
    """

    action: str
    target: Status | Previous | Same
    fields: tuple[str, ...]
    optional: tuple[str, ...]
    reasons: str | None
    guards: tuple[str, ...]
    moves_custody: bool
    tells: str | None
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


def build(raw: Raw, parts: Mapping[str, Raw]) -> Table:
    """From the states, and the transitions by file.

    Raises RulesError, naming file and row, when a state is unknown or missing, an action doubled, a word missing.
    """
    found = rows(FILE, raw, "states", State)
    refuse_doubles(FILE, "states", (state.code for state in found))
    states: dict[Status, State] = {state.code: state for state in found}
    missing = set(get_args(Status)) - set(states)
    if missing:
        raise wrong(FILE, "states", None, f"no row for {', '.join(sorted(missing))}")
    entries: dict[tuple[ReferralKind, Status, str, Side], Entry] = {}
    for file, part in parts.items():
        for number, row in enumerate(rows(file, part, "transitions", _Row), start=1):
            _check(file, number, row)
            for entry in _entries(file, number, row):
                if entry.key in entries:
                    raise wrong(file, "transitions", number, f"{' / '.join(entry.key)} is given twice")
                entries[entry.key] = entry
    return Table(
        states=states,
        entries=entries,
        sides=section_of(FILE, raw, "sides", Sides),
        errors=section_of(FILE, raw, "errors", Errors),
    )


def _check(file: str, number: int, row: _Row) -> None:
    if row.reasons is not None and row.reasons not in lists():
        raise wrong(file, "transitions", number, f"unknown list of reasons {row.reasons}")
    if not {*row.fields, *row.optional} <= set(ActionBody.model_fields):
        raise wrong(file, "transitions", number, "no action has such a field")
    if not set(row.guards) <= set(GUARDS):
        raise wrong(file, "transitions", number, "unknown guard")
    if row.tells is not None and row.tells not in _TOLD:
        raise wrong(file, "transitions", number, f"unknown event {row.tells}")
    if not set(row.custody) <= set(row.roles):
        raise wrong(file, "transitions", number, "custody names a kind of referral that the row does not have")
    if any(bool(named) == (row.side == "system") for named in row.roles.values()):
        raise wrong(file, "transitions", number, "people need roles and the system has none")


def _entries(file: str, number: int, row: _Row) -> Iterator[Entry]:
    for kind, named in row.roles.items():
        allowed = _allowed(file, number, named, row.side, kinds().by_code[kind])
        transition = Transition(
            action=row.action,
            target=row.target,
            fields=row.fields,
            optional=row.optional,
            reasons=row.reasons,
            guards=row.guards,
            moves_custody=kind in row.custody,
            tells=row.tells,
            row=row.row,
            wording=row.wording,
        )
        for source in row.sources:
            yield Entry(kind, source, row.side, allowed, transition)


def _allowed(file: str, number: int, named: tuple[str, ...], side: Side, kind: Kind) -> frozenset[str]:
    """The role codes meant by these names: a level stands for everyone of that level on this side."""
    here = [role for role in roles().values() if set(role.agencies) & set(kind.agencies(side))]
    allowed: set[str] = set()
    for name in named:
        meant = _meant(name, here)
        if not meant:
            raise wrong(file, "transitions", number, f"no role {name} on the side of the {side} of {kind.code}")
        allowed |= meant
    return frozenset(allowed)


def _meant(name: str, here: list[Role]) -> set[str]:
    if name in get_args(Level):
        return {role.code for role in here if role.level == name}
    return {role.code for role in here if role.code == name}


@cache
def table() -> Table:
    """The table that ships with this package."""
    return build(read(FILE), {part: read(part) for part in PARTS})
