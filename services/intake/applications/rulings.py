"""The table of applications at the API: what is offered, what is enforced, both from the same rows."""

from collections.abc import Collection

from contracts.api import ActionField, AvailableAction, Option
from contracts.applications import ApplicationAction
from contracts.codes import ApplicationStatus, Language
from contracts.dossier import OpinionResult
from rules.applications import available_actions, check_role, decide
from rules.applications_table import Transition
from rules.errors import IllegalAction, RoleNotAllowed, RuleError
from rules.reasons import reasons
from services.intake.applications.domain import wrong
from services.kit.problems import FieldError, Problem, invalid


def offered(
    status: ApplicationStatus, roles: Collection[str], opinion: OpinionResult | None, language: Language
) -> tuple[AvailableAction, ...]:
    """What these roles may do now, with the fields each action asks for."""
    return tuple(
        AvailableAction(action=row.action, label=row.wording[language], fields=_fields(row, language))
        for row in available_actions(status, roles=roles, opinion=opinion)
    )


def may_register(roles: Collection[str]) -> None:
    """Raises Problem 403."""
    try:
        check_role("register", roles)
    except RoleNotAllowed as error:
        raise Problem(error.code, wording=error.wording) from None


def may_take(status: ApplicationStatus, action: str, *, roles: Collection[str], opinion: OpinionResult | None) -> None:
    """Whether this step can be begun, whatever it still lacks. Raises Problem: 409 not now, 403 not this role."""
    try:
        decide(status, action, roles=roles, opinion=opinion)
    except (IllegalAction, RoleNotAllowed) as error:
        raise Problem(error.code, wording=error.wording) from None
    except RuleError:
        return  # its reason is yet to be told


def ruling(
    status: ApplicationStatus,
    action: str,
    *,
    roles: Collection[str],
    opinion: OpinionResult | None,
    body: ApplicationAction,
) -> Transition:
    """The transition that this action makes. Raises Problem: 409 not now, 403 not this role, 422 a field is wrong."""
    try:
        found = decide(status, action, roles=roles, opinion=opinion, reason=body.reason, note=body.note)
    except (IllegalAction, RoleNotAllowed) as error:
        raise Problem(error.code, wording=error.wording) from None
    except RuleError as error:
        field = "note" if error.code == "note_required" else "reason"
        raise invalid(FieldError(field, error.code, wording=error.wording)) from None
    errors = [FieldError(name, "missing") for name in found.required if getattr(body, name) is None]
    told = {name for name in body.model_fields_set if getattr(body, name) is not None}
    errors += [wrong(name, "not_of_this_action") for name in sorted(told - found.fields)]
    if errors:
        raise invalid(*errors)
    return found


def _fields(row: Transition, language: Language) -> tuple[ActionField, ...]:
    told = tuple(ActionField(name=name, required=True) for name in row.required)
    told += tuple(ActionField(name=name, required=False) for name in row.optional)
    if row.reasons is None:
        return told
    options = tuple(Option(code=reason.code, label=reason.wording[language]) for reason in reasons(row.reasons))
    return (
        ActionField(name="reason", required=True, options=options),
        ActionField(name="note", required=False),
        *told,
    )
