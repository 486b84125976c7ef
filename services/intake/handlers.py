"""What the receiving node decided, written into the sender's copy. Kit has already put the events in order."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.exc import NoResultFound
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts import events
from rules.lifecycle import is_open
from services.intake import attachments_sending
from services.intake.models import IntakeRow, SentReferral, SentRequest
from services.intake.noting import note
from services.kit.delivery import Forged, Taken
from services.kit.inbox import Effect, Handlers
from services.kit.keyring import Keyring
from services.kit.sealing import unseal_text

_DECIDED = ("accepted", "waitlisted", "declined", "withdrawn", "returned")
"""The facts that may be the decision on a referral."""

_NOT_GRANTED = {"cancel_refused": "request_cancel", "reopen_refused": "ask_reopen"}
"""The facts that refuse what the sender had asked for, with the request."""

_REFERRALS = (
    select(SentReferral)
    .where(col(SentReferral.id).in_(bindparam("ids", expanding=True)))
    .order_by(col(SentReferral.id))  # so that two transactions never wait for each other
    .with_for_update()
)
_REQUESTS = select(SentRequest).where(col(SentRequest.id).in_(bindparam("ids", expanding=True)))

R = TypeVar("R", bound=IntakeRow)


def handlers(keyring: Keyring) -> Handlers:
    """Every fact of the receiving node, for the institution that sent the referral."""

    async def record(session: AsyncSession, taken: Sequence[Taken]) -> None:
        await _record(keyring, session, taken)

    facts = [model for model in events.REGISTRY.values() if issubclass(model, events.ReferralFact)]
    effects: dict[type[events.Event], Effect] = dict.fromkeys(facts, record)
    return Handlers(tenant=lambda fact: fact.sender, effects=effects)


async def _record(keyring: Keyring, session: AsyncSession, taken: Sequence[Taken]) -> None:
    """Only the receiver may say what became of a referral. All rows are read at once and written at once.

    Raises Forged, and CannotOpen for a text that nobody here could read: shown in a list, it would break all of it.
    """
    facts: list[tuple[Any, str]] = [(item.event, item.envelope.source) for item in taken]
    rows = await session.exec(_REFERRALS, params={"ids": [fact.referral_id for fact, _ in facts]})
    referrals = {row.id: row for row in rows}
    asked = [request_id for fact, _ in facts if (request_id := _request_of(fact)) is not None]
    requests = {row.id: row for row in await session.exec(_REQUESTS, params={"ids": asked})} if asked else {}
    turned: dict[UUID, bool] = {}  # whose files began or ceased to be shared; True: they ceased, if only for a moment
    for fact, source in facts:
        referral = _one(referrals, fact.referral_id)
        if source != referral.receiver:
            raise Forged(source)
        unseal_text(keyring, fact.sealed, context=fact.referral_id)
        shared_before = _shares_files(referral)
        _apply(referral, fact)
        if _shares_files(referral) != shared_before:
            turned[referral.id] = shared_before or turned.get(referral.id, False)
        request_id = _request_of(fact)
        if request_id is not None:
            request = _one(requests, request_id)
            _settle(request, fact)
            _keep_words(referral, request)
            if request.state == "refused" and request.action in attachments_sending.STOPPING:
                turned.setdefault(referral.id, False)
    for fact, _ in facts:
        if fact.name in _NOT_GRANTED:
            await _not_granted(session, fact.referral_id, _NOT_GRANTED[fact.name], fact.reason)
    await attachments_sending.stop(session, [each for each, ceased in turned.items() if ceased])
    await attachments_sending.order(session, [each for each in turned if _shares_files(referrals[each])])


async def _not_granted(session: AsyncSession, referral_id: UUID, action: str, reason: str) -> None:
    """The receiver took the request, which ended it here, and now refuses what it asked for."""
    query = select(SentRequest).where(SentRequest.referral_id == referral_id, SentRequest.action == action)
    request = (await session.exec(query.order_by(col(SentRequest.asked_at).desc()).limit(1))).one()
    request.state, request.reason = "refused", reason
    session.add(request)


def _request_of(fact: events.ReferralFact) -> UUID | None:
    """The request of the sender that this fact answers."""
    found: UUID | None = getattr(fact, "request_id", None)
    return found


def _shares_files(referral: SentReferral) -> bool:
    """Whether the files go to the receiver: it is in charge, and nobody has taken a consent back."""
    return is_open(referral.status) and referral.was_in_charge and not referral.consent_ended


def _one(rows: dict[UUID, R], row_id: UUID) -> R:
    """Raises NoResultFound."""
    if row_id not in rows:
        raise NoResultFound
    return rows[row_id]


def _apply(referral: SentReferral, fact: events.ReferralFact) -> None:
    """The referral as it stands after this fact."""
    was_open = is_open(referral.status)
    referral.status, referral.version, referral.custodian = fact.status, fact.version, fact.custodian
    if is_open(fact.status):
        referral.ended_at = None
    elif was_open:
        referral.ended_at = fact.at
    if fact.name == "delivered":
        referral.delivered_at = fact.at
    if fact.name in _DECIDED and referral.decided_at is None:
        referral.decided_at = fact.at
    if fact.by == "receiver":  # whoever acts on a referral has seen it, also without opening it first
        referral.seen_at = referral.seen_at or fact.at
    note(referral, fact)


def _settle(request: SentRequest, fact: Any) -> None:
    """The sender's request is answered."""
    refused = isinstance(fact, events.RequestRefused)
    request.state = "refused" if refused else "done"
    if refused or fact.name == "withdrawn":
        request.reason = fact.reason
    elif fact.name == "info_answered":
        request.reason = None
    request.answered_at = fact.at


def _keep_words(referral: SentReferral, request: SentRequest) -> None:
    """What the sender wrote to its request stands with the referral once that is carried out, in place of what the
    receiver wrote before; asking to reopen it, as yet, replaces nothing."""
    if request.state == "done" and request.action != "ask_reopen" and request.sealed_note is not None:
        referral.sealed_note = request.sealed_note
