"""What the sender sees of its referrals."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from contracts.api import (
    ActionBody,
    AvailableAction,
    Meeting,
    NewReferral,
    Option,
    Referral,
    RequestState,
    Waiting,
)
from contracts.codes import Language, Status
from contracts.dossier import Dossier
from rules.guards import objection
from rules.lifecycle import guards_of
from rules.reasons import next_steps, reasons
from services.intake import attachments
from services.intake.context import Intake
from services.intake.domain import dossier_of
from services.intake.issuing import Issued
from services.intake.models import Draft, SentReferral, SentRequest
from services.intake.standing import asked, standing
from services.kit.actions import offered
from services.kit.caller import Caller
from services.kit.pages import PAGE_SIZE, cursor_of, newest_first
from services.kit.referrals import question_of, request_of, times_of
from services.kit.sealing import unseal, unseal_text


async def find(session: AsyncSession, referral_id: UUID) -> SentReferral | None:
    """The caller's own referral: row-level security hides all others."""
    return (await session.exec(select(SentReferral).where(SentReferral.id == referral_id))).one_or_none()


async def form_again(intake: Intake, session: AsyncSession, referral_id: UUID) -> NewReferral | None:
    """The form of a sent referral with the client's id in place of the person; None when there is no such referral."""
    referral = await find(session, referral_id)
    if referral is None:
        return None
    form = unseal(intake.keyring, NewReferral, referral.sealed_form, context=referral.id)
    return form.model_copy(update={"client": None, "client_id": referral.client_id})


async def page(
    session: AsyncSession, status: Status | None, cursor: str | None
) -> tuple[Sequence[SentReferral | Draft], str | None]:
    """A page of sent referrals and drafts, newest first, and the cursor of the next. Raises Problem."""
    sent, more_sent = await newest_first(session, _sent(status), SentReferral.created_at, SentReferral.id, cursor)
    if status not in (None, "draft", "opinion_pending"):
        return sent, more_sent
    written = select(Draft) if status is None else select(Draft).where(Draft.status == status)
    drafts, more_drafts = await newest_first(session, written, Draft.created_at, Draft.id, cursor)
    both: list[SentReferral | Draft] = [*sent, *drafts]
    both.sort(key=lambda row: (row.created_at, row.id), reverse=True)
    shown = both[:PAGE_SIZE]
    more = more_sent or more_drafts or len(both) > PAGE_SIZE
    return shown, cursor_of(shown[-1].created_at, shown[-1].id) if more else None


def _sent(status: Status | None) -> SelectOfScalar[SentReferral]:
    query = select(SentReferral)
    return query if status is None else query.where(SentReferral.status == status)


async def view(intake: Intake, session: AsyncSession, caller: Caller, referral: SentReferral) -> Referral:
    """The referral as its sender sees it, personal data included."""
    pending, last = await _requests(session, referral.id)
    now = await intake.service.clock.now(session)
    form = unseal(intake.keyring, NewReferral, referral.sealed_form, context=referral.id)
    dossier = dossier_of(form, training=intake.training)
    files = await attachments.named(intake, session, form.attachments)
    full = dossier.model_copy(update={"attachments": files or None})
    return _shown(intake, caller, referral, full, now, pending, last)


def view_of_new(intake: Intake, caller: Caller, issued: Issued) -> Referral:
    """The same for a referral just sent: nothing can have been asked about it, and its dossier is at hand."""
    referral = issued.referral
    shown = _shown(intake, caller, referral, issued.dossier, referral.submitted_at or referral.created_at, None, None)
    return shown.model_copy(update={"possible_duplicates": issued.alike})


def _shown(
    intake: Intake,
    caller: Caller,
    referral: SentReferral,
    dossier: Dossier,
    now: datetime,
    pending: RequestState | None,
    last: RequestState | None,
) -> Referral:
    possible = offered(
        kind=referral.kind, status=referral.status, side="sender", roles=caller.roles, language=caller.language
    )
    return Referral(
        id=referral.id,
        path_id=referral.path_id,
        number=referral.number,
        sender=referral.agency,
        receiver=referral.receiver,
        unit=referral.unit,
        kind=referral.kind,
        urgency=referral.urgency,
        status=referral.status,
        version=referral.version,
        custodian=referral.custodian,
        available_actions=() if pending else _free(caller, referral, possible, now),
        pending_request=pending,
        last_request=last,
        times=times_of(referral),
        reason=referral.reason,
        note=unseal_text(intake.keyring, referral.sealed_note, context=referral.id),
        question=question_of(intake.keyring, referral),
        answer=unseal_text(intake.keyring, referral.sealed_answer, context=referral.id),
        client=dossier,
        client_id=referral.client_id,
        suggestion=referral.suggestion,
        next_step=_next_step(referral, last, caller.language),
        edition=referral.edition,
        waiting=_waiting(referral),
        meeting=_meeting(intake, referral),
        attempts=referral.attempts,
        suspended_until=referral.suspended_until,
        suspended_for=referral.suspended_for,
        signed_on=referral.signed_on,
        outcome=referral.outcome,
        evidence=referral.evidence,
        summary=unseal_text(intake.keyring, referral.sealed_summary, context=referral.id),
        reopen_asked=referral.reopen_asked,
        consent_ended=referral.consent_ended,
        follows=referral.follows,
        followed_by=referral.followed_by,
    )


def _free(
    caller: Caller, referral: SentReferral, possible: tuple[AvailableAction, ...], now: datetime
) -> tuple[AvailableAction, ...]:
    """What nothing stands against, as far as the sender can know."""
    known, wish = standing(referral), asked(caller.actor, caller.roles, ActionBody(), now)
    return tuple(
        row
        for row in possible
        if objection(guards_of(referral.kind, referral.status, row.action, "sender"), known, wish) is None
        and not (row.action == "ask_reopen" and referral.followed_by is not None)
    )


_REFUSALS: Mapping[Status, tuple[str, ...]] = {
    "declined": ("decline", "late_decline"),
    "returned": ("send_back", "return"),
}
"""The lists from which the reason of such an end is."""


def _next_step(referral: SentReferral, last: RequestState | None, language: Language) -> Option | None:
    """What the reason of the end, or why it was not opened again, asks of the sender, until another referral has taken
    its place."""
    if referral.followed_by is not None:
        return None
    given = [(name, referral.reason) for name in _REFUSALS.get(referral.status, ())]
    if last is not None and (last.action, last.state) == ("ask_reopen", "refused"):
        given.insert(0, ("refuse_reopen", last.reason))
    asks = (reason.next for name, code in given for reason in reasons(name) if reason.code == code)
    step = next(asks, None)
    return None if step is None else Option(code=step, label=next_steps()[step][language])


def _waiting(referral: SentReferral) -> Waiting | None:
    if referral.status != "waitlisted" or referral.review_on is None:
        return None
    return Waiting(review_on=referral.review_on, edition=referral.edition, starts_on=referral.edition_starts_on)


def _meeting(intake: Intake, referral: SentReferral) -> Meeting | None:
    if referral.meet_at is None:
        return None
    return Meeting(at=referral.meet_at, place=unseal_text(intake.keyring, referral.sealed_place, context=referral.id))


async def _requests(session: AsyncSession, referral_id: UUID) -> tuple[RequestState | None, RequestState | None]:
    """The request that still waits, and the last one that was answered."""
    query = select(SentRequest).where(SentRequest.referral_id == referral_id).order_by(col(SentRequest.asked_at).desc())
    states = [request_of(row) for row in (await session.exec(query.limit(2))).all()]
    pending = next((state for state in states if state.state == "pending"), None)
    return pending, next((state for state in states if state.state != "pending"), None)
