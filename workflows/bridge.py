"""The bridge from events to paths: one event of a referral or an application becomes one fact, in one transaction with
all it brings.

Events that arrive together are taken in together.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.directory import Directory
from contracts.envelope import Envelope
from contracts.events import REGISTRY, ApplicationRegistered, Event, ReferralFact, ReferralSubmitted
from contracts.paths import PathFact
from services.kit import tracing
from services.kit.delivery import Forged, Taken
from services.kit.inbox import Effect, Handlers
from services.kit.service import Service
from services.kit.taking import carried
from workflows import store
from workflows.agenda import apply
from workflows.facts import Moved, Terms, fact_of, parties
from workflows.rulebook import in_force
from workflows.store import Step

Begun = ReferralSubmitted | ApplicationRegistered
"""What a referral or an application begins with."""


class UnknownReferral(Exception):
    """An event of a referral or an application whose beginning never came."""


def handlers(service: Service) -> Handlers:
    """What the path node does with events. Its rows belong to no tenant."""

    async def take(session: AsyncSession, taken: Sequence[Taken]) -> None:
        await advance(service, session, taken)

    models = [model for model in REGISTRY.values() if issubclass(model, Moved)]
    effects: Mapping[type[Event], Effect] = dict.fromkeys(models, take)
    return Handlers(tenant=lambda event: None, effects=effects)


async def advance(service: Service, session: AsyncSession, taken: Sequence[Taken]) -> None:
    """Take events in, at most one of each referral: facts, deadlines, projections, wake-ups, marks of what has changed.

    Raises Forged and UnknownReferral.
    """
    arrivals = [(cast(Moved, item.event), item.envelope) for item in taken]
    for event, envelope in arrivals:
        _check_writer(service.directory, event, envelope)
    now = await service.clock.now(session)
    events = [event for event, _ in arrivals]
    taken_up = await store.take_up(
        session,
        path_ids={event.path_id for event in events},
        submitted=[_row(event) for event in events if isinstance(event, Begun)],
        moved=[_moved(event) for event in events if not isinstance(event, Begun)],
        now=now,
    )
    headers = {envelope.id: envelope.headers() | carried(service.node, envelope) for _, envelope in arrivals}
    rules = await in_force(session)
    steps, facts = dict[UUID, Step](), list[PathFact]()
    for event, envelope in arrivals:
        terms = _terms(event, taken_up.referrals)
        known = taken_up.states[event.path_id]
        step = steps.get(event.path_id, Step(known, known))
        facts.append(fact_of(event, envelope.id, terms, step.after, rules.book))
        steps[event.path_id] = Step(step.before, apply(step.after, facts[-1]), headers[envelope.id])
    traces = {event_id: header.get(tracing.HEADER) for event_id, header in headers.items()}
    await store.keep(session, list(steps.values()), now, facts, traces, rules.id)


def _check_writer(directory: Directory, event: Moved, envelope: Envelope) -> None:
    """The sender's node writes the submission, the receiver's all that follows; an OPS all of its application.

    Raises Forged.
    """
    about = parties(event)
    writer = directory.find(about.receiver if isinstance(event, ReferralFact) else about.sender)
    source = directory.find(envelope.source)
    if writer is None or source is None or writer.node != source.node:
        raise Forged(envelope.source)


def _terms(event: Moved, referrals: Mapping[UUID, Row[Any]]) -> Terms:
    """What the submission or the registration told.

    Raises UnknownReferral, and Forged when the event is not about the path and the institutions of the beginning.
    """
    if isinstance(event, Begun):
        return _told(event)
    about = parties(event)
    known = referrals.get(about.id)
    if known is None:
        raise UnknownReferral(str(about.id))
    if (known.path_id, known.sender, known.receiver) != (event.path_id, about.sender, about.receiver):
        raise Forged(about.receiver)
    return Terms(kind=known.kind, urgency=known.urgency)


def _told(event: Begun) -> Terms:
    return Terms(kind=event.kind if isinstance(event, ReferralSubmitted) else "application", urgency=event.urgency)


def _row(event: Begun) -> dict[str, object]:
    about, terms = parties(event), _told(event)
    return {
        "id": about.id,
        "path_id": event.path_id,
        "kind": terms.kind,
        "urgency": terms.urgency,
        "sender": about.sender,
        "receiver": about.receiver,
        "status": about.status,
        "custodian": about.custodian,
    }


def _moved(event: Moved) -> dict[str, object]:
    about = parties(event)
    return {"referral_id": about.id, "status": about.status, "custodian": about.custodian}
