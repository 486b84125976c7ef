"""The social worker's opinion on a draft: who may be asked for it, who was, and giving what stands in the form."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.api import Referral
from contracts.directory import Directory
from rules.lifecycle import available_actions
from services.desk.api import Calls
from services.desk.colleagues import called, colleagues
from services.desk.forms import Typed
from services.desk.visitors import Visitor

ACTIONS = ("ask_opinion", "give_opinion")


@dataclass(frozen=True)
class OpinionView:
    """`ask`, `give`: the label of what may be done, None when it may not. `waits`: whether one was asked for and is
    not given; then by whom, of whom (by name, None for anybody), and until when."""

    ask: str | None
    give: str | None
    people: Sequence[tuple[str, str]]
    waits: bool
    asked_by: str | None
    asked_of: str | None
    due_on: date | None


async def opinion_view(calls: Calls, who: Visitor, directory: Directory, draft: Referral) -> OpinionView:
    """What the page of this draft says of the opinion."""
    offered = {each.action: each.label for each in draft.available_actions}
    ask = None if (draft.form or {}).get("opinion") else offered.get("ask_opinion")
    asked = draft.opinion_asked
    people = await colleagues(calls) if ask or asked else {}
    return OpinionView(
        ask=ask,
        give=offered.get("give_opinion"),
        people=[
            (each.login, each.name)
            for each in people.values()
            if each.active and each.login != who.login and _may_give([post.role for post in each.posts])
        ],
        waits=draft.status == "opinion_pending",
        asked_by=called(people, directory, asked.asked_by) if asked else None,
        asked_of=called(people, directory, asked.asked_of) if asked else None,
        due_on=asked.due_on if asked else None,
    )


def _may_give(roles: Collection[str]) -> bool:
    """Whether somebody in these roles may give the opinion once it was asked for."""
    rows = available_actions(kind="statutory_cis", status="opinion_pending", side="sender", roles=roles)
    return "give_opinion" in {row.action for row in rows}


def body_of(action: str, draft: Referral, typed: Typed) -> dict[str, Any]:
    """What the action tells: whom to ask, or the opinion as it stands in the form."""
    if action == "ask_opinion":
        return typed.body("colleague")
    opinion = (draft.form or {}).get("opinion")
    return {} if opinion is None else {"opinion": opinion}
