"""Events to send along the road: training values, no real person."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from contracts.envelope import Envelope
from contracts.events import Event, ReferralRequested, ReferralSubmitted
from contracts.ids import case_number

AT = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
SEAL = "sealed-for-one-node"


def submitted(version: int = 1, referral_id: UUID | None = None, sealed: str | None = SEAL) -> ReferralSubmitted:
    """An event that goes through the version gate."""
    identity = referral_id or uuid4()
    return ReferralSubmitted(
        path_id=uuid4(),
        version=version,
        at=AT,
        referral_id=identity,
        sender="ops-poraj",
        receiver="cis-poraj",
        sealed=sealed,
        number=case_number(identity, 2026),
        kind="statutory_cis",
        urgency="normal",
        custodian="ops-poraj",
    )


def requested(version: int = 1, referral_id: UUID | None = None) -> ReferralRequested:
    """An event that bypasses the version gate."""
    return ReferralRequested(
        path_id=uuid4(),
        version=version,
        at=AT,
        referral_id=referral_id or uuid4(),
        sender="ops-poraj",
        receiver="cis-poraj",
        request_id=uuid4(),
        action="withdraw",
        roles=("OPS_WORKER",),
        reason="client_withdrew",
    )


def envelope(
    event: Event, *, source: str = "ops-poraj", identity: UUID | None = None, link: tuple[int, str] | None = None
) -> Envelope:
    """The envelope in which this event travels; `link` is its number and the hash of the one before."""
    event_id = identity or uuid4()
    linkseq, linkprev = link or (None, None)
    return Envelope(
        id=event_id,
        type=event.type(),
        source=source,
        subject=event.path_id,
        time=event.at,
        version=event.version,
        correlation_id=event_id,
        linkseq=linkseq,
        linkprev=linkprev,
    )


def body(event: Event) -> bytes:
    return event.model_dump_json().encode()
