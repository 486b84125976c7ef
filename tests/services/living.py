"""Referrals brought to a state of their life, for tests of what may follow."""

from datetime import UTC, datetime, timedelta
from typing import Any

from rules.calendar import local_day
from tests.nodes import Network, Office
from tests.services.steps import delivered, done

NOW = datetime.now(UTC)
TODAY = str(local_day(NOW))
IN_A_MONTH = str(local_day(NOW) + timedelta(days=30))
MEETING = (NOW + timedelta(days=7)).replace(microsecond=0).isoformat().replace("+00:00", "Z")

Step = tuple[str, dict[str, Any]]

ACCEPT: Step = ("accept", {})
WAIT: Step = ("put_on_list", {"review_on": IN_A_MONTH})
MEET: Step = ("schedule", {"meet_at": MEETING, "place": "pokój 12"})
START: Step = ("start", {"signed_on": TODAY})
PAUSE: Step = ("suspend", {"reason": "away", "until": IN_A_MONTH})
HAND_BACK: Step = ("propose_return", {"reason": "needs_changed", "text": "Potrzebne jest leczenie."})
COMPLETE: Step = ("complete", {"outcome": "open_market", "evidence": "document"})

WAYS: dict[str, tuple[Step, ...]] = {
    "accepted": (ACCEPT,),
    "waitlisted": (WAIT,),
    "scheduled": (ACCEPT, MEET),
    "in_service": (ACCEPT, START),
    "suspended": (ACCEPT, START, PAUSE),
    "return_proposed": (ACCEPT, START, HAND_BACK),
    "completed": (ACCEPT, START, COMPLETE),
}
"""What the receiver of a statutory referral does until it is in that state."""

SERVICE = (ACCEPT, ("begin", {}))
"""The same until a service runs that no act orders."""


async def brought(sender: Office, receiver: Office, steps: tuple[Step, ...], /, **changes: Any) -> str:
    """The id of a referral with which the receiver has done all that; the sender knows it."""
    referral = await delivered(sender, receiver.slug, **changes)
    for action, body in steps:
        last = done(await receiver.act(referral, action, **body))
    await sender.has(referral, version=last["version"])
    return referral


async def centre(network: Network, state: str, /, **changes: Any) -> tuple[Office, Office, str]:
    """An OPS, a CIS, and a referral between them in this state."""
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    return poraj, cis, await brought(poraj, cis, WAYS[state], **changes)


async def asked(sender: Office, referral: str, action: str, **body: Any) -> dict[str, Any]:
    """The referral at its sender once the receiver has answered this request."""
    done(await sender.act(referral, action, **body), 202)
    return await sender.has(referral, pending_request=None)
