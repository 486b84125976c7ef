"""The lifecycle table at the API: what is offered, what is enforced, both from the same rows."""

from collections.abc import Collection
from functools import cache
from typing import Any

from contracts.api import ActionBody, ActionField, AvailableAction, Option
from contracts.codes import Language, ReferralKind, Side, Status
from rules.guards import Objection
from rules.lifecycle import (
    IllegalAction,
    RoleNotAllowed,
    RuleError,
    Transition,
    available_actions,
    decide,
    reasons,
)
from rules.outcomes import channels
from rules.outcomes import table as outcomes
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
    wrong = [FieldError(name, "missing") for name in transition.fields if getattr(body, name) is None]
    wrong += [FieldError(name, f"unknown_{name}") for name, known in _coded().items() if _unknown(body, name, known)]
    if wrong:
        raise invalid(*wrong)
    return transition


def asked_for(transition: Transition, body: ActionBody) -> ActionBody:
    """The body without what this action does not ask for: a guard or an effect would take it in unjudged."""
    named = {*transition.fields, *transition.optional, *(("reason", "note") if transition.reasons else ())}
    return body.model_copy(update=dict.fromkeys(ActionBody.model_fields.keys() - named))


@cache
def _coded() -> dict[str, tuple[Option, ...]]:
    """The options of fields that take a code of a list, worded in Polish; the same codes in every language."""
    return {"outcome": coded("outcome", "pl"), "evidence": coded("evidence", "pl")}


def coded(name: str, language: Language) -> tuple[Option, ...]:
    """What may be chosen for this field; nothing for one that takes no code of a list."""
    if name == "channel":
        return tuple(Option(code=code, label=words[language]) for code, words in channels().items())
    if name in ("outcome", "evidence"):
        rows = outcomes().outcomes if name == "outcome" else outcomes().evidence
        return tuple(Option(code=row.code, label=row.wording[language]) for row in rows.values())
    return ()


def _unknown(body: ActionBody, name: str, known: tuple[Option, ...]) -> bool:
    value = getattr(body, name)
    return value is not None and value not in {option.code for option in known}


def objected(found: Objection) -> Problem:
    """How the caller is told what a guard has against it."""
    if found.about is not None:
        return invalid(FieldError(found.about, found.code, dict(found.values)))
    values: dict[str, Any] = dict(found.values)
    return Problem(found.code, **values)


def _fields(transition: Transition, language: Language) -> tuple[ActionField, ...]:
    plain = (
        *(ActionField(name=name, required=True, options=coded(name, language)) for name in transition.fields),
        *(ActionField(name=name, required=False, options=coded(name, language)) for name in transition.optional),
    )
    if transition.reasons is None:
        return plain
    options = tuple(Option(code=reason.code, label=reason.wording[language]) for reason in reasons(transition.reasons))
    return (
        ActionField(name="reason", required=True, options=options),
        ActionField(name="note", required=False),
        *plain,
    )
