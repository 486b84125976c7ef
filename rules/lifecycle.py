"""What may be done with a referral now, by whom, and what it leads to.

The answer to "what may I do" and the check of what is done come from the same table (`lifecycle.toml`).
"""

from collections.abc import Collection

from contracts.codes import Language, ReferralKind, Side, Status
from rules.data import fill
from rules.errors import IllegalAction, NoteRequired, ReasonRequired, RoleNotAllowed, RuleError, UnknownReason
from rules.kinds import kind_between, may_send
from rules.lifecycle_table import Entry, ReasonErrors, State, Transition, table
from rules.reasons import Reason, reasons
from rules.roles import roles as all_roles

__all__ = [
    "IllegalAction",
    "NoteRequired",
    "Reason",
    "ReasonRequired",
    "RoleNotAllowed",
    "RuleError",
    "State",
    "Transition",
    "UnknownReason",
    "available_actions",
    "ball",
    "check_reason",
    "decide",
    "goes",
    "guards_of",
    "is_open",
    "is_replaceable",
    "kind_between",
    "may_send",
    "reasons",
    "states",
    "wording_of_status",
]


def decide(
    *,
    kind: ReferralKind,
    status: Status,
    action: str,
    side: Side,
    roles: Collection[str],
    reason: str | None = None,
    note: str | None = None,
) -> Transition:
    """The transition that this action makes.

    Raises IllegalAction, RoleNotAllowed, ReasonRequired, UnknownReason or NoteRequired, checked in this order.
    """
    errors = table().errors
    entry = table().entries.get((kind, status, action, side))
    if entry is None:
        parts = {"side": table().sides.of(side), "status": table().states[status].wording}
        raise IllegalAction(fill(errors.illegal_action, parts))
    if not _may(entry, roles):
        raise RoleNotAllowed(fill(errors.role_not_allowed, {"roles": _named(entry)}))
    check_reason(entry.transition.reasons, reason, note, errors)
    return entry.transition


def goes(transition: Transition, status: Status, trail: tuple[Status, ...]) -> tuple[Status, tuple[Status, ...]]:
    """The state that this transition leads to, and the trail of states to come back to, last one last.

    A passing state notes where it was entered from; so does an end, which may be opened again, always into a state that
    is not passing. Raises ValueError when there is nowhere to go back to.
    """
    if transition.target == "same":
        return status, trail
    if transition.target == "previous":
        if not trail:
            raise ValueError(f"{transition.action}: nothing tells where {status} was entered from")
        return trail[-1], trail[:-1]
    there, here = table().states[transition.target], table().states[status]
    if there.passing:
        return there.code, (*trail, status)
    if there.open:
        return there.code, ()
    return there.code, trail[:1] if here.passing else (status,)


def available_actions(
    *, kind: ReferralKind, status: Status, side: Side, roles: Collection[str]
) -> tuple[Transition, ...]:
    """What these roles on this side may do now, in the order of the table. `decide` accepts exactly these."""
    return tuple(
        entry.transition
        for entry in table().entries.values()
        if (entry.kind, entry.status, entry.side) == (kind, status, side) and _may(entry, roles)
    )


def guards_of(kind: ReferralKind, status: Status, action: str, side: Side) -> tuple[str, ...]:
    """What must hold besides for this action of this side. Raises KeyError when the side cannot do it now."""
    return table().entries[kind, status, action, side].transition.guards


def states() -> tuple[State, ...]:
    """All states, in the order of the table."""
    return tuple(table().states.values())


def wording_of_status(status: Status) -> dict[Language, str]:
    """What people read for this state."""
    return table().states[status].wording


def is_open(status: Status) -> bool:
    """Whether the referral goes on, so that no second one like it may be sent."""
    return table().states[status].open


def is_replaceable(status: Status) -> bool:
    """Whether it has ended so that another referral may take its place."""
    return table().states[status].replaceable


def ball(status: Status) -> Side:
    """Whose move it is."""
    return table().states[status].ball


def _may(entry: Entry, roles: Collection[str]) -> bool:
    return entry.side == "system" or not entry.roles.isdisjoint(roles)


def _named(entry: Entry) -> dict[Language, str]:
    allowed = [role for role in all_roles().values() if role.code in entry.roles]
    languages: tuple[Language, ...] = ("pl", "en")
    return {language: ", ".join(role.wording[language] for role in allowed) for language in languages}


def check_reason(list_name: str | None, code: str | None, note: str | None, errors: ReasonErrors) -> None:
    """Whether this reason, with this note, is on the list; without a list there is none to give.

    Raises ReasonRequired, UnknownReason or NoteRequired with the sentences in `errors`.
    """
    if code is None:
        if list_name is not None:
            raise ReasonRequired(dict(errors.reason_required))
        return
    offered = () if list_name is None else reasons(list_name)
    found = next((reason for reason in offered if reason.code == code), None)
    if found is None:
        raise UnknownReason(dict(errors.unknown_reason))
    if found.needs_note and not (note or "").strip():
        raise NoteRequired(dict(errors.note_required))
