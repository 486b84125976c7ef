"""One action of the receiver: on what it is done, by whom, and what the actions have in common."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts import events
from contracts.api import ActionBody
from contracts.codes import Status
from rules.lifecycle import Transition
from services.kit.sealing import seal_text
from services.referral import leases
from services.referral.changes import node_of_sender, record
from services.referral.context import Receiving
from services.referral.models import ReceivedReferral


@dataclass(frozen=True)
class Move:
    """One action on one referral that the lifecycle table has allowed; the referral is in its new state already."""

    receiving: Receiving
    session: AsyncSession
    referral: ReceivedReferral
    transition: Transition
    before: Status
    actor: str
    body: ActionBody
    now: datetime

    async def tell(self, fact: type[events.ReferralFact], **fields: Any) -> None:
        """Publish the referral in its new state."""
        await record(self.receiving, self.session, self.referral, fact, at=self.now, by="receiver", **fields)

    def sealed_for_sender(self, text: str | None) -> str | None:
        node = node_of_sender(self.receiving, self.referral)
        return None if node is None else seal_text(self.receiving.keyring, text, to=node, context=self.referral.id)

    def sealed_for_us(self, text: str | None) -> str | None:
        return seal_text(self.receiving.keyring, text, to=self.receiving.service.node, context=self.referral.id)

    def take_charge(self) -> None:
        """The institution leads the case from now on, when the transition says so."""
        if self.transition.moves_custody:
            self.referral.former_custodian, self.referral.custodian = self.referral.custodian, self.referral.agency

    def leave(self) -> None:
        """The case has ended: nobody leads it by this referral. Whoever sent it leads what never began."""
        if self.referral.custodian == self.referral.agency:
            self.referral.former_custodian, self.referral.custodian = self.referral.custodian, None

    def why(self) -> None:
        """The reason, and the institution that was thought of instead."""
        self.referral.reason, self.referral.suggestion = self.body.reason, self.body.suggestion

    def reached(self) -> None:
        """The person can be reached: attempts are counted anew."""
        self.referral.attempts, self.referral.channels = 0, []

    async def decide(self) -> None:
        """Note who decided and when; whoever decides has seen it, and holds it no more."""
        self.referral.decided_at, self.referral.decided_by = self.now, self.actor
        self.referral.seen_at = self.referral.seen_at or self.now
        await leases.end(self.session, self.referral)


Doer = Callable[[Move], Awaitable[None]]
"""What one action changes."""
