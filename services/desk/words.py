"""What the rules call an item of work: its kind, its state, what may be done with it, why something was refused."""

from typing import cast

from contracts.api import RequestState
from contracts.codes import ApplicationStatus, Language, ReferralKind, Status
from contracts.notices import NoticeKind
from contracts.work import WorkItem
from rules import applications, lifecycle
from rules.applications_table import table as table_of_applications
from rules.kinds import kinds
from rules.lifecycle_table import table as table_of_referrals
from rules.notices import notice_kind
from rules.reasons import reasons


def kind_of(item: WorkItem, language: Language) -> str:
    """What it is."""
    if item.what == "notice":
        return notice_kind(cast(NoticeKind, item.kind)).wording[language]
    return kinds().by_code[cast(ReferralKind, item.kind)].wording[language]


def status_of(item: WorkItem, language: Language) -> str:
    """In which state it is; a notice is in none."""
    if item.what == "notice":
        return ""
    if item.what == "application":
        return applications.wording_of_status(cast(ApplicationStatus, item.status))[language]
    return lifecycle.wording_of_status(cast(Status, item.status))[language]


def action_of(item: WorkItem, action: str, language: Language) -> str:
    """What may be done with it."""
    if item.what == "application":
        return table_of_applications().transitions[action].wording[language]
    entries = table_of_referrals().entries.values()
    return next(entry.transition.wording[language] for entry in entries if entry.transition.action == action)


_ANSWERED_BY_PEOPLE = {"request_cancel": "refuse_cancel", "ask_reopen": "refuse_reopen"}
"""Requests that somebody of the receiver may refuse, with the list of the reasons for it."""


def refusal_of(request: RequestState, language: Language) -> str | None:
    """Why the other side did not do what was asked: its node, or, where people answer, its head."""
    name = _ANSWERED_BY_PEOPLE.get(request.action, "refuse_request")
    known = (reason_of(each, request.reason, language) for each in (name, "refuse_request"))
    return next((words for words in known if words != request.reason), request.reason)


def reason_of(list_name: str, code: str | None, language: Language) -> str | None:
    """A coded reason of this list."""
    return next((reason.wording[language] for reason in reasons(list_name) if reason.code == code), code)
