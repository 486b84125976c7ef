"""What may be done with an application now, by whom, and what it leads to; and who may apply.

The answer to "what may I do" and the check of what is done come from the same table (`applications.toml`).
"""

from collections.abc import Collection

from contracts.codes import ApplicationStatus, Language
from contracts.directory import Agency, Directory, Party
from contracts.dossier import OpinionResult
from rules.applications_table import ApplicantKind, Transition, table
from rules.data import fill
from rules.errors import IllegalAction, RoleNotAllowed
from rules.lifecycle import check_reason
from rules.roles import roles as all_roles


def applicant_kind(code: str) -> ApplicantKind | None:
    """Who applies as this; None for a code that is not in the table."""
    return table().applicants.get(code)


def applicant_of(agency: Agency) -> ApplicantKind | None:
    """As whom an institution with an account applies (art. 12 ust. 1); None when it may not."""
    for kind in table().applicants.values():
        founded = agency.founder is None or not kind.founders or agency.founder.kind in kind.founders
        if agency.kind in kind.agencies and founded:
            return kind
    return None


def applicant_in(directory: Directory, slug: str) -> ApplicantKind | None:
    """As whom an institution of the directory applies, with or without an account; None when it may not."""
    found = institution(directory, slug)
    if found is None:
        return None
    return applicant_of(found) if isinstance(found, Agency) else applicant_kind(found.kind)


def institution(directory: Directory, slug: str) -> Agency | Party | None:
    """The institution of this short name, with or without an account."""
    return directory.find(slug) or next((party for party in directory.parties if party.slug == slug), None)


def decide(
    status: ApplicationStatus,
    action: str,
    *,
    roles: Collection[str],
    opinion: OpinionResult | None = None,
    reason: str | None = None,
    note: str | None = None,
) -> Transition:
    """The transition that this action makes. `opinion`: the result of the opinion given so far.

    Raises IllegalAction, RoleNotAllowed, ReasonRequired, UnknownReason or NoteRequired, checked in this order.
    """
    errors = table().errors
    found = table().transitions.get(action)
    if found is None or status not in found.sources:
        raise IllegalAction(fill(errors.illegal_action, {"status": table().states[status].wording}))
    if opinion is not None and opinion not in found.opinions:
        raise IllegalAction(dict(errors.opinion_negative))
    check_role(action, roles)
    if found.reasons is not None:
        check_reason(found.reasons, reason, note, errors)
    return found


def check_role(action: str, roles: Collection[str]) -> None:
    """Whether one of these roles may do this at all. Raises RoleNotAllowed."""
    allowed = table().transitions[action].roles
    if set(allowed).isdisjoint(roles):
        languages: tuple[Language, ...] = ("pl", "en")
        named = {language: ", ".join(all_roles()[code].wording[language] for code in allowed) for language in languages}
        raise RoleNotAllowed(fill(table().errors.role_not_allowed, {"roles": named}))


def available_actions(
    status: ApplicationStatus, *, roles: Collection[str], opinion: OpinionResult | None = None
) -> tuple[Transition, ...]:
    """What these roles may do now, in the order of the table. `decide` accepts exactly these."""
    return tuple(
        row
        for row in table().transitions.values()
        if status in row.sources
        and not set(row.roles).isdisjoint(roles)
        and (opinion is None or opinion in row.opinions)
    )


def is_open(status: ApplicationStatus) -> bool:
    """Whether the application goes on."""
    return table().states[status].open


def wording_of_status(status: ApplicationStatus) -> dict[Language, str]:
    """What people read for this state."""
    return table().states[status].wording


def open_statuses() -> tuple[ApplicationStatus, ...]:
    """The states in which an application goes on."""
    return tuple(state.code for state in table().states.values() if state.open)


def clock(status: ApplicationStatus) -> str | None:
    """The event from which the next due date is reckoned in this state; None when nothing is due."""
    return table().states[status].clock


def field_wording(code: str, **parts: dict[Language, str]) -> dict[Language, str]:
    """What is said of a field that is wrong in this way. Raises KeyError."""
    return fill(table().fields[code], parts)


def applicants_named() -> dict[Language, str]:
    """All who may apply, in one line."""
    languages: tuple[Language, ...] = ("pl", "en")
    return {
        language: ", ".join(kind.wording[language] for kind in table().applicants.values()) for language in languages
    }
