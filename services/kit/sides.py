"""The two sides of a referral as the edge sees them: the same questions, asked of whoever knows the referral."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from contracts.api import ActionBody, Referral, ReferralPage
from contracts.codes import Status
from services.kit.caller import Caller
from services.kit.problems import Problem


@dataclass(frozen=True)
class Outcome:
    """What an action led to: done, or requested of the other side and pending."""

    referral: Referral
    requested: bool = False


class Side(Protocol):
    """One side of the referrals of a node. None means: this side does not know the referral."""

    async def show(self, caller: Caller, referral_id: UUID) -> Referral | None: ...

    async def page(self, caller: Caller, status: Status | None, cursor: str | None) -> ReferralPage: ...

    async def act(
        self, caller: Caller, referral_id: UUID, action: str, body: ActionBody, expected: int | None
    ) -> Outcome | None: ...


def check_version(expected: int | None, actual: int) -> None:
    """`If-Match`: the caller acts on what it has seen. Raises Problem 412."""
    if expected is not None and expected != actual:
        raise Problem("stale", version=actual)
