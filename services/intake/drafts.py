"""Referrals that somebody is still writing: kept exactly as typed, save by save, until they are sent or discarded."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import ActionBody, NewReferral
from contracts.codes import ReferralKind
from contracts.directory import Agency
from rules.calendar import local_day
from rules.kinds import kind_between, may_send
from services.intake import attachments, clients, issuing, opinions, paths, reading
from services.intake.context import Intake
from services.intake.form_checks import read_person
from services.intake.forms import judge_typed, resolve
from services.intake.issuing import Begun, Issued
from services.intake.models import Draft
from services.kit.actions import ruling
from services.kit.caller import Caller
from services.kit.problems import FieldError, Problem, invalid

Typed = Mapping[str, Any]
"""A form as its author left it, right or wrong."""


async def begin(intake: Intake, session: AsyncSession, caller: Caller, typed: Typed) -> Draft:
    """Keep a new draft. Raises Problem 422 when it is about nobody and for nobody."""
    now = await intake.service.clock.now(session)
    begun = issuing.begin(now)
    draft = Draft(
        id=begun.id,
        agency=caller.agency,
        client_id=None,
        path_id=begun.path_id,
        number=begun.number,
        receiver=None,
        kind=None,
        urgency="normal",
        sealed_form="",
        created_at=now,
        saved_at=now,
    )
    await _keep(intake, session, caller, draft, typed, now)
    if draft.client_id is not None:
        earlier = await paths.going_on(session, draft.client_id)
        draft.path_id = await paths.path_of(session, draft.client_id, earlier) or draft.path_id
    session.add(draft)
    return draft


async def save(
    intake: Intake, session: AsyncSession, caller: Caller, draft: Draft, typed: Typed, expected: int | None
) -> None:
    """Put another form in place of the one that is kept. Raises Problem 412 when somebody else has done so meanwhile,
    422 when the form is about nobody and for nobody."""
    _check_revision(expected, draft)
    await _keep(intake, session, caller, draft, typed, await intake.service.clock.now(session))
    draft.revision += 1


async def discard(session: AsyncSession, draft: Draft, expected: int | None) -> None:
    """Raises Problem 412 when somebody else has saved it meanwhile."""
    _check_revision(expected, draft)
    await _delete(session, draft)


async def act(
    intake: Intake,
    session: AsyncSession,
    caller: Caller,
    draft: Draft,
    action: str,
    body: ActionBody,
    expected: int | None,
) -> Issued | None:
    """Send what was written, or ask for or give the opinion on it; None when it stays a draft.

    Raises Problem 403, 409, 412, 422.
    """
    _check_revision(expected, draft)
    told = body if action in opinions.ACTIONS else ActionBody()
    if action != "submit" or draft.kind is not None:  # without a kind the form is refused anyway
        ruling(
            kind=draft.kind or "service",
            status=draft.status,
            action=action,
            side="sender",
            roles=caller.roles,
            body=told,
        )
    now = await intake.service.clock.now(session)
    if action in opinions.ACTIONS:
        await _opinion(intake, session, caller, draft, action, body, now)
        return None
    judged = await judge_typed(intake, session, caller, reading.read(typed_in(intake, draft)), now)
    await _delete(session, draft)
    begun = Begun(draft.id, draft.path_id, draft.number, draft.created_at)
    return await issuing.issue(intake, session, caller, judged, begun, now)


async def _opinion(
    intake: Intake, session: AsyncSession, caller: Caller, draft: Draft, action: str, body: ActionBody, now: datetime
) -> None:
    """Given, the opinion is in the form as if it had been typed there."""
    if action == "ask_opinion":
        await opinions.check_colleague(intake, caller, body.colleague)
        opinions.ask(draft, caller, body, now)
        draft.saved_at = now
    else:
        opinions.check(body, local_day(now))
        told = body.model_dump(mode="json", include={"opinion"}, exclude_none=True)
        await _keep(intake, session, caller, draft, typed_in(intake, draft) | told, now)
        opinions.give(draft, caller, now)
    draft.revision += 1
    session.add(draft)


async def find(session: AsyncSession, draft_id: UUID, *, lock: bool = False) -> Draft | None:
    """The institution's own draft; with `lock`, nobody else changes it until the transaction ends."""
    query = select(Draft).where(Draft.id == draft_id)
    return (await session.exec(query.with_for_update() if lock else query)).one_or_none()


def typed_in(intake: Intake, draft: Draft) -> dict[str, Any]:
    """The form as it was typed. Raises CannotOpen."""
    typed: dict[str, Any] = json.loads(intake.keyring.open(draft.sealed_form, context=draft.id))
    return typed


async def _keep(
    intake: Intake, session: AsyncSession, caller: Caller, draft: Draft, typed: Typed, now: datetime
) -> None:
    """The form in the row, with what can be read from it beside it."""
    reading.check_text(typed)
    if not any(typed.get(name) for name in ("receiver", "client", "client_id")):
        raise invalid(FieldError("receiver", "draft_of_nobody"))
    content = json.dumps(dict(typed), ensure_ascii=False, separators=(",", ":")).encode()  # no longer than it came
    draft.sealed_form = intake.keyring.seal(content, to=intake.service.node, context=draft.id)
    draft.saved_at = now
    new = reading.read(typed).new
    receiver = intake.service.directory.find(new.receiver)
    draft.receiver = None if receiver is None else receiver.slug
    draft.kind = _kind(intake.service.directory[caller.agency], receiver, new)
    if draft.status == "opinion_pending" and draft.kind != "statutory_cis":
        opinions.drop(draft)
    draft.urgency = new.urgency
    draft.client_id = await _client_of(intake, session, caller, new, now)
    await _keep_files(intake, session, draft, new.attachments)


async def _keep_files(intake: Intake, session: AsyncSession, draft: Draft, named: Sequence[UUID]) -> None:
    """Files that a draft names are not given up as nobody's."""
    files = (await attachments.chosen(intake, session, named, local_day(draft.saved_at))).files
    await attachments.release(session, draft.id, but=named)
    await attachments.use(session, draft.agency, draft.id, [each.id for each in files])


async def _client_of(
    intake: Intake, session: AsyncSession, caller: Caller, new: NewReferral, now: datetime
) -> UUID | None:
    """The client whom the draft is about, when the institution knows them; a draft makes nobody a client."""
    new, _ = await resolve(intake, session, new)
    if new.client is None:
        return None
    person, errors = read_person(new.client, today=local_day(now), training=intake.training)
    client = None if errors else await clients.by_identity(intake, session, caller.agency, person)
    return None if client is None else client.id


def _kind(sender: Agency, receiver: Agency | None, new: NewReferral) -> ReferralKind | None:
    """The kind of referral that this will be, when that can be told."""
    if receiver is None or receiver.slug == sender.slug:
        return None
    kind = new.kind or kind_between(sender.kind, receiver.kind)
    return kind if may_send(sender.kind, receiver.kind, kind) else None


async def _delete(session: AsyncSession, draft: Draft) -> None:
    await attachments.release(session, draft.id, but=())
    await session.delete(draft)
    await session.flush()


def _check_revision(expected: int | None, draft: Draft) -> None:
    if expected is not None and expected != tag(draft):
        raise Problem("stale_draft")


def tag(draft: Draft) -> int:
    """What stands for this save in `If-Match`: no version of a sent referral, which are above 0."""
    return -draft.revision
