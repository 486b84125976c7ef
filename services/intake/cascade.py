"""What is done with everything that goes on for a client when all is taken back. Pure: the preview is the plan."""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.codes import Status
from contracts.withdrawals import Remains, WithdrawalAct, WithdrawalItem
from rules import applications, lifecycle
from rules.errors import IllegalAction, RoleNotAllowed
from rules.withdrawal import Cause
from services.intake import paths
from services.intake.applications import people
from services.intake.applications.models import ApplicationRow
from services.intake.models import Draft, SentReferral

_ACTS: tuple[WithdrawalAct, ...] = ("withdraw", "request_cancel")
"""Before the acceptance the sender takes back, after it asks."""

_STAYS: dict[Status, Remains] = {"cancel_requested": "asked_already", "return_proposed": "answer_first"}


@dataclass(frozen=True)
class Going:
    """Everything that goes on for one client. `asked`: the referrals whose receiver has a request to answer."""

    referrals: Sequence[SentReferral] = ()
    applications: Sequence[ApplicationRow] = ()
    drafts: Sequence[Draft] = ()
    asked: Collection[UUID] = ()


def plan(
    going: Going, cause: Cause, *, roles: Collection[str], known: Callable[[str], bool]
) -> tuple[WithdrawalItem, ...]:
    """What somebody in these roles does with each for this cause. `known`: whether the directory has an institution."""
    return (
        *(_referral(each, cause, going.asked, roles, known) for each in going.referrals),
        *(_application(each, cause, roles) for each in going.applications),
        *(_draft(each) for each in going.drafts),
    )


def stamp(going: Going, cause: Cause, items: Sequence[WithdrawalItem]) -> str:
    """Another one as soon as anything is to be done otherwise, or with something else than was looked at."""
    versions = [
        *(each.version for each in going.referrals),
        *(each.version for each in going.applications),
        *(each.revision for each in going.drafts),
    ]  # in the order of the items
    planned = [(str(item.id), item.status, item.action, item.remains) for item in items]
    text = repr((cause.code, versions, planned))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _referral(
    row: SentReferral, cause: Cause, asked: Collection[UUID], roles: Collection[str], known: Callable[[str], bool]
) -> WithdrawalItem:
    action, remains = _possible(row, cause, roles)
    if action is not None and row.id in asked:
        action, remains = None, "request_pending"
    if action is not None and not known(row.receiver):
        action, remains = None, "receiver_gone"
    return WithdrawalItem(
        what="referral",
        id=row.id,
        link=paths.link(row.id),
        number=row.number,
        kind=row.kind,
        receiver=row.receiver,
        status=row.status,
        action=action,
        remains=remains,
    )


def _possible(row: SentReferral, cause: Cause, roles: Collection[str]) -> tuple[WithdrawalAct | None, Remains | None]:
    """By the table of the lifecycle. Raises KeyError for a referral that does not go on and never will."""
    for action in _ACTS:
        try:
            lifecycle.decide(
                kind=row.kind, status=row.status, action=action, side="sender", roles=roles, reason=cause.code
            )
        except IllegalAction:
            continue
        except RoleNotAllowed:
            return None, "not_your_role"
        return action, None
    return None, "may_be_reopened" if row.reopen_asked else _STAYS[row.status]


def _application(row: ApplicationRow, cause: Cause, roles: Collection[str]) -> WithdrawalItem:
    """It can be ended from every state in which it goes on."""
    action: WithdrawalAct | None = "withdraw"
    try:
        applications.decide(row.status, "withdraw", roles=roles, reason=cause.application)
    except RoleNotAllowed:
        action = None
    return WithdrawalItem(
        what="application",
        id=row.id,
        link=people.link(row.id),
        number=row.number,
        receiver=row.receiver,
        status=row.status,
        action=action,
        remains="not_your_role" if action is None else None,
    )


def _draft(row: Draft) -> WithdrawalItem:
    """Whoever works at the institution may discard it."""
    return WithdrawalItem(
        what="draft",
        id=row.id,
        link=paths.link(row.id),
        number=row.number,
        kind=row.kind,
        receiver=row.receiver,
        status=row.status,
        action="discard",
    )
