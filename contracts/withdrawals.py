"""Taking back everything that goes on for a client: what would happen, and the wish that exactly this happens."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts.api import Option
from contracts.base import CaseNumber, Code, Message, Slug, Told
from contracts.codes import ReferralKind

WithdrawalAct = Literal["withdraw", "request_cancel", "discard"]
"""request_cancel: the receiver has accepted, so it is asked and answers."""

Remains = Literal[
    "request_pending", "asked_already", "answer_first", "may_be_reopened", "not_your_role", "receiver_gone"
]
"""Why something goes on. request_pending: the receiver's node has not yet answered what was asked before;
asked_already: the receiver was asked to stop; answer_first: it proposes to hand back; may_be_reopened: it has ended,
and the receiver was asked to open it again."""


class WithdrawalItem(Told):
    """One thing that goes on: what is done with it, or why it stays."""

    what: Literal["referral", "application", "draft"]
    id: UUID
    link: str
    number: CaseNumber
    kind: ReferralKind | None = None
    receiver: Slug | None
    status: Code
    action: WithdrawalAct | None
    remains: Remains | None = None


class ClientWithdrawal(Told):
    """Everything that goes on for a client, and what is done with it for this reason.

    `stamp` stands for exactly this; `reasons` are those that can be chosen. `done`: it has been done.
    """

    client_id: UUID
    reason: Code
    reasons: tuple[Option, ...]
    stamp: str
    items: tuple[WithdrawalItem, ...]
    done: bool = False


class WithdrawalCause(Message):
    """Why: it tells of the person, so it stays out of addresses."""

    reason: Code


class WithdrawalWish(WithdrawalCause):
    """Do what the preview with this stamp showed."""

    stamp: str = Field(min_length=1, max_length=100)
