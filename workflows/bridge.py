"""The bridge from events to paths: one event of a referral becomes one fact, in one transaction with all it brings."""

from collections.abc import Mapping

from sqlalchemy.dialects.postgresql import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.directory import Directory
from contracts.envelope import Envelope
from contracts.events import REGISTRY, Event, ReferralFact, ReferralSubmitted
from services.kit.delivery import Forged
from services.kit.inbox import Effect, Handlers, each
from services.kit.service import Service
from workflows import store
from workflows.agenda import apply
from workflows.announce import advances
from workflows.facts import SUBMITTED, Terms, fact_of
from workflows.tables import ReferralRow


class UnknownReferral(Exception):
    """An event of a referral whose submission never came."""


def handlers(service: Service) -> Handlers:
    """What the path node does with events. Its rows belong to no tenant."""

    async def take(session: AsyncSession, event: ReferralSubmitted | ReferralFact, envelope: Envelope) -> None:
        await advance(service, session, event, envelope)

    models = [model for model in REGISTRY.values() if issubclass(model, ReferralSubmitted | ReferralFact)]
    effects: Mapping[type[Event], Effect] = dict.fromkeys(models, each(take))
    return Handlers(tenant=lambda event: None, effects=effects)


async def advance(
    service: Service, session: AsyncSession, event: ReferralSubmitted | ReferralFact, envelope: Envelope
) -> None:
    """Take the event in: fact, deadlines, projection, wake-up, and the new picture for the institutions.

    Raises Forged and UnknownReferral.
    """
    _check_writer(service.directory, event, envelope)
    now = await service.clock.now(session)
    before = await store.open_path(session, event.path_id, now)
    fact = fact_of(event, envelope.id, await _terms(session, event), before)
    after = apply(before, fact)
    await store.keep_fact(session, fact)
    await store.keep_deadlines(session, before, after)
    await store.save(session, [after], now)
    await service.outbox.post(session, advances(service.directory, after, now), envelope)


def _check_writer(directory: Directory, event: ReferralSubmitted | ReferralFact, envelope: Envelope) -> None:
    """The sender's node writes the submission, the receiver's node all that follows. Raises Forged."""
    writer = directory.find(event.sender if isinstance(event, ReferralSubmitted) else event.receiver)
    source = directory.find(envelope.source)
    if writer is None or source is None or writer.node != source.node:
        raise Forged(envelope.source)


async def _terms(session: AsyncSession, event: ReferralSubmitted | ReferralFact) -> Terms:
    """What the submission of the referral told; notes the referral, or its new status.

    Raises UnknownReferral, and Forged when the event is not about the path and the institutions of the submission.
    """
    if isinstance(event, ReferralSubmitted):
        row = {
            "id": event.referral_id,
            "path_id": event.path_id,
            "kind": event.kind,
            "urgency": event.urgency,
            "sender": event.sender,
            "receiver": event.receiver,
            "status": SUBMITTED,
            "custodian": event.custodian,
        }
        await session.execute(insert(ReferralRow).values(row))
        return Terms(kind=event.kind, urgency=event.urgency)
    known = await session.get(ReferralRow, event.referral_id)
    if known is None:
        raise UnknownReferral(str(event.referral_id))
    if (known.path_id, known.sender, known.receiver) != (event.path_id, event.sender, event.receiver):
        raise Forged(event.receiver)
    known.status, known.custodian = event.status, event.custodian
    return Terms.model_validate(known, from_attributes=True)
