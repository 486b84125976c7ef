"""The table behind applications: applicants, states, transitions and wording, read and checked once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, get_args

from pydantic import Field

from contracts.api import Route
from contracts.base import Code, Message
from contracts.codes import AgencyKind, ApplicationStatus
from contracts.dossier import OpinionResult
from rules.data import Raw, Wording, read, refuse_doubles, rows, section_of, wrong
from rules.events import events
from rules.lifecycle_table import Errors
from rules.reasons import lists
from rules.roles import roles

FILE = "applications.toml"


class ApplicantKind(Message):
    """Who may apply, and by which route. `agencies`, `founders`: who applies as this by an account of its own."""

    code: Code
    route: Route
    agencies: tuple[AgencyKind, ...] = ()
    founders: tuple[Code, ...] = ()
    wording: Wording
    basis: Wording


class State(Message):
    """One state of an application. `clock`: the event from which the next due date is reckoned."""

    code: ApplicationStatus
    open: bool
    clock: Code | None = None
    wording: Wording


class Transition(Message):
    """What an action leads to. Without a `target`: the state before the application was returned."""

    action: Code
    sources: Annotated[tuple[ApplicationStatus, ...], Field(alias="from")]
    target: Annotated[ApplicationStatus | None, Field(alias="to")] = None
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    reasons: Code | None = None
    opinions: tuple[OpinionResult, ...] = get_args(OpinionResult)
    roles: Annotated[tuple[str, ...], Field(min_length=1)]
    wording: Wording

    @property
    def fields(self) -> frozenset[str]:
        """All that may be told with the action."""
        return frozenset((*self.required, *self.optional, *(("reason", "note") if self.reasons else ())))


class _Errors(Errors):
    opinion_negative: Wording


@dataclass(frozen=True)
class Table:
    """Everything about the life of an application, checked. `fields`: what is said of a field that is wrong."""

    applicants: Mapping[str, ApplicantKind]
    states: Mapping[ApplicationStatus, State]
    transitions: Mapping[str, Transition]
    errors: _Errors
    fields: Mapping[str, Wording]


def build(raw: Raw) -> Table:
    """Raises RulesError, naming file and row, when a state is missing, or a code doubled or unknown."""
    applicants = rows(FILE, raw, "applicants", ApplicantKind)
    states = rows(FILE, raw, "states", State)
    transitions = rows(FILE, raw, "transitions", Transition)
    refuse_doubles(FILE, "applicants", (row.code for row in applicants))
    refuse_doubles(FILE, "states", (row.code for row in states))
    refuse_doubles(FILE, "transitions", (row.action for row in transitions))
    missing = set(get_args(ApplicationStatus)) - {row.code for row in states}
    if missing:
        raise wrong(FILE, "states", None, f"no row for {', '.join(sorted(missing))}")
    for number, state in enumerate(states, start=1):
        if state.open != (state.clock in events()):
            raise wrong(FILE, "states", number, "an open state, and no other, has an event as its clock")
    for number, row in enumerate(transitions, start=1):
        _check(number, row)
    return Table(
        applicants={row.code: row for row in applicants},
        states={row.code: row for row in states},
        transitions={row.action: row for row in transitions},
        errors=section_of(FILE, raw, "errors", _Errors),
        fields=section_of(FILE, {"fields": {"texts": raw.get("fields")}}, "fields", _Fields).texts,
    )


class _Fields(Message):
    texts: dict[str, Wording]


def _check(number: int, row: Transition) -> None:
    if row.reasons is not None and row.reasons not in lists():
        raise wrong(FILE, "transitions", number, f"unknown list of reasons {row.reasons}")
    unknown = {role for role in row.roles if role not in roles() or "ops" not in roles()[role].agencies}
    if unknown:
        raise wrong(FILE, "transitions", number, f"no role {', '.join(sorted(unknown))} in an OPS")


@cache
def table() -> Table:
    """The table that ships with this package."""
    return build(read(FILE))
