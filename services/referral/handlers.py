"""What the sender sent or asked: stored and confirmed, ordered and answered."""

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts import events
from contracts.api import ActionBody
from contracts.dossier import Dossier
from contracts.envelope import Envelope
from rules.guards import objection
from rules.lifecycle import RuleError, decide
from services.kit.delivery import Forged
from services.kit.inbox import Effect, Handlers, each
from services.kit.sealing import unseal, unseal_text
from services.referral import notices, place_answers
from services.referral.attachments import take_part
from services.referral.changes import enter, record
from services.referral.context import Receiving
from services.referral.models import ReceivedReferral
from services.referral.orders import ORDERS, Order
from services.referral.standing import asked, standing


def handlers(receiving: Receiving) -> Handlers:
    """A new referral, and the sender's requests about one; each belongs to the receiving institution."""

    async def submitted(session: AsyncSession, event: events.ReferralSubmitted, envelope: Envelope) -> None:
        await _deliver(receiving, session, event, envelope)

    async def requested(session: AsyncSession, event: events.ReferralRequested, envelope: Envelope) -> None:
        await _order(receiving, session, event, envelope)

    async def part(session: AsyncSession, event: events.AttachmentPart, envelope: Envelope) -> None:
        await take_part(receiving, session, event, envelope)

    async def noticed(session: AsyncSession, event: events.NoticeGiven, envelope: Envelope) -> None:
        await notices.store(receiving, session, event, envelope)

    async def asked_for_places(session: AsyncSession, event: events.PlacesAsked, envelope: Envelope) -> None:
        await place_answers.store(session, event, envelope)

    effects: dict[type[events.Event], Effect] = {
        events.ReferralSubmitted: each(submitted),
        events.ReferralRequested: each(requested),
        events.NoticeGiven: each(noticed),
        events.PlacesAsked: each(asked_for_places),
        events.AttachmentPart: each(part),
    }
    return Handlers(tenant=lambda event: event.receiver, effects=effects)


async def _deliver(
    receiving: Receiving, session: AsyncSession, event: events.ReferralSubmitted, envelope: Envelope
) -> None:
    """Store the referral durably and say so: the sender's receipt.

    Raises Forged, and CannotOpen for a dossier that nobody here could read: shown in a list, it would break all of it.
    """
    if envelope.source != event.sender:
        raise Forged(envelope.source)
    if event.sealed is not None:
        unseal(receiving.keyring, Dossier, event.sealed, context=event.referral_id)
    now = await receiving.service.clock.now(session)
    decide(kind=event.kind, status="submitted", action="deliver", side="system", roles=())
    referral = ReceivedReferral(
        id=event.referral_id,
        agency=event.receiver,
        sender=event.sender,
        unit=event.unit,
        path_id=event.path_id,
        number=event.number,
        kind=event.kind,
        urgency=event.urgency,
        status="delivered",
        version=event.version + 1,
        custodian=event.custodian,
        sealed_dossier=event.sealed,
        submitted_at=event.at,
        delivered_at=now,
        edition=event.edition,
        edition_asked=event.edition,
        consent=event.consent,
        follows=event.follows,
        lineage=list(event.lineage),
    )
    session.add(referral)
    await record(receiving, session, referral, events.ReferralDelivered, at=now, by="system", cause=envelope)


async def _order(
    receiving: Receiving, session: AsyncSession, event: events.ReferralRequested, envelope: Envelope
) -> None:
    """Judge the request by the state it finds: whoever committed first has won, and the sender is told either way.

    Raises Forged, and CannotOpen for a text that nobody here could read.
    """
    query = select(ReceivedReferral).where(ReceivedReferral.id == event.referral_id).with_for_update()
    referral = (await session.exec(query)).one()
    if envelope.source != referral.sender:
        raise Forged(envelope.source)
    unseal_text(receiving.keyring, event.sealed, context=event.referral_id)
    now = await receiving.service.clock.now(session)
    order = Order(receiving, session, referral, event, envelope, now)
    try:
        transition = decide(
            kind=referral.kind,
            status=referral.status,
            action=event.action,
            side="sender",
            roles=event.roles,
            reason=event.reason,
            note=_NOTE_WAS_CHECKED,
        )
    except RuleError:
        await order.refuse()
        return
    known = await standing(receiving, session, referral, transition.guards)
    wish = asked(receiving, referral, event.sender, event.roles, ActionBody(signed_on=event.signed_on), now)
    if objection(transition.guards, known, wish) is not None:
        await order.refuse()
        return
    enter(referral, transition, now)
    await ORDERS[event.action](order)


_NOTE_WAS_CHECKED = "checked by the sender's node; it is sealed here and not needed to decide"
