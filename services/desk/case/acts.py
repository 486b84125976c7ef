"""What may be done with a referral now, exactly as the interface offers it, and what only others may."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.api import AvailableAction, Referral
from contracts.codes import Language, Side
from rules.errors import RoleNotAllowed, RuleError
from rules.lifecycle import available_actions, decide
from rules.roles import roles

_SILENT = ("undo",)
"""Not worth a word when it is not there: it was there for minutes only."""


@dataclass(frozen=True)
class Acts:
    """`offered`: by action; `barred`: what the state allows but not to this role, together by who may."""

    offered: Mapping[str, AvailableAction]
    barred: tuple[tuple[tuple[str, ...], str], ...]


def side_of(referral: Referral, agency: str) -> Side:
    """On which side of the referral this institution stands."""
    return "sender" if referral.sender == agency else "receiver"


def acts(referral: Referral, side: Side, role: str, language: Language) -> Acts:
    """What this person may do, and what is for others: nothing of that while a request waits for its answer."""
    offered = {each.action: each for each in referral.available_actions}
    if referral.pending_request is not None or referral.kind is None:
        return Acts(offered, ())
    everybody = tuple(roles())
    possible = available_actions(kind=referral.kind, status=referral.status, side=side, roles=everybody)
    barred: dict[str, list[str]] = {}
    for row in possible:
        why = (
            None if row.action in offered or row.action in _SILENT else _why(referral, row.action, side, role, language)
        )
        if why is not None:
            barred.setdefault(why, []).append(row.wording[language])
    return Acts(offered, tuple((tuple(labels), why) for why, labels in barred.items()))


def _why(referral: Referral, action: str, side: Side, role: str, language: Language) -> str | None:
    """Who may do this, when it is the role that stands against it."""
    if referral.kind is None:
        return None
    try:
        decide(kind=referral.kind, status=referral.status, action=action, side=side, roles=(role,))
    except RoleNotAllowed as refusal:
        return refusal.wording[language]
    except RuleError:  # what must come with it: the role may
        return None
    return None
