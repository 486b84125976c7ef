"""The lifecycle table at the API: what is offered, what is enforced, both from the same rows."""

from collections.abc import Collection
from functools import cache

from contracts.api import ActionBody, ActionField, AvailableAction, Option
from contracts.codes import Language, ReferralKind, Side, Status
from rules.lifecycle import (
    IllegalAction,
    RoleNotAllowed,
    RuleError,
    Transition,
    available_actions,
    decide,
    reasons,
)
from services.kit.problems import FieldError, Problem, invalid


@cache
def offered(
    *, kind: ReferralKind, status: Status, side: Side, roles: frozenset[str], language: Language
) -> tuple[AvailableAction, ...]:
    """What these roles may do now, with the fields each action asks for."""
    possible = available_actions(kind=kind, status=status, side=side, roles=roles)
    return tuple(
        AvailableAction(action=row.action, label=row.wording[language], fields=_fields(row, language))
        for row in possible
    )


def ruling(
    *, kind: ReferralKind, status: Status, action: str, side: Side, roles: Collection[str], body: ActionBody
) -> Transition:
    """The transition that this action makes. Raises Problem: 409 not now, 403 not this role, 422 a field is wrong."""
    try:
        transition = decide(
            kind=kind, status=status, action=action, side=side, roles=roles, reason=body.reason, note=body.note
        )
    except (IllegalAction, RoleNotAllowed) as error:
        raise Problem(error.code, wording=error.wording) from None
    except RuleError as error:
        field = "note" if error.code == "note_required" else "reason"
        raise invalid(FieldError(field, error.code, wording=error.wording)) from None
    missing = [name for name in transition.fields if getattr(body, name) is None]
    if missing:
        raise invalid(*(FieldError(name, "missing") for name in missing))
    return transition


def _fields(transition: Transition, language: Language) -> tuple[ActionField, ...]:
    plain = tuple(ActionField(name=name, required=True) for name in transition.fields)
    if transition.reasons is None:
        return plain
    options = tuple(Option(code=reason.code, label=reason.wording[language]) for reason in reasons(transition.reasons))
    return (
        ActionField(name="reason", required=True, options=options),
        ActionField(name="note", required=False),
        *plain,
    )
