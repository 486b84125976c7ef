"""A form before it is sent: who it is about, whom and what it names, and everything that stands against sending it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import NewReferral
from contracts.form import Form, HouseholdMember
from rules.calendar import local_day
from services.intake import attachments, clients, paths
from services.intake.context import Intake
from services.intake.domain import Checked, check
from services.intake.knowing import begun_with
from services.intake.models import Client
from services.intake.reading import Reading
from services.kit.caller import Caller
from services.kit.problems import FieldError, invalid

F = TypeVar("F", bound=Form)


@dataclass(frozen=True)
class Judged:
    """A referral with its person filled in, and what is wrong with it."""

    new: NewReferral
    checked: Checked | None
    errors: tuple[FieldError, ...]

    @property
    def sendable(self) -> Checked:
        """Raises Problem 422 with one entry per field."""
        if self.checked is None or self.errors:
            raise invalid(*self.errors)
        return self.checked


async def judge(intake: Intake, session: AsyncSession, caller: Caller, new: NewReferral, now: datetime) -> Judged:
    """Everything that the law, the directory and the institution's own records say about sending it now."""
    new, errors = await resolve(intake, session, new)
    directory, today = intake.service.directory, local_day(now)
    files = await attachments.chosen(intake, session, new.attachments, today)
    checked, found = check(
        new,
        sender=directory[caller.agency],
        receiver=directory.find(new.receiver),
        directory=directory,
        today=today,
        training=intake.training,
    )
    if new.path_id is not None and not await paths.takes_part(intake, session, caller.agency, new.path_id):
        errors.append(FieldError("path_id", "path_unknown"))
    if checked is not None:
        checked = replace(checked, dossier=checked.dossier.model_copy(update={"attachments": files.files or None}))
    return Judged(new, checked, _each_field_once((*errors, *found, *files.errors)))


async def judge_typed(intake: Intake, session: AsyncSession, caller: Caller, read: Reading, now: datetime) -> Judged:
    """The same for what was typed, as far as it could be read."""
    judged = await judge(intake, session, caller, read.new.model_copy(update={"draft": False}), now)
    return replace(judged, errors=read.objections(judged.errors))


async def resolve(intake: Intake, session: AsyncSession, form: F) -> tuple[F, list[FieldError]]:
    """The form with the person of `client_id`, who brings along what stays true; and what is wrong with naming them."""
    errors = await _household_errors(session, form.household)
    if form.client_id is None:
        return form, errors
    if form.client is not None:
        return form, [FieldError("client_id", "client_told_twice"), *errors]
    client = await clients.find(session, form.client_id)
    if client is None:
        return form, [FieldError("client_id", "client_unknown"), *errors]
    return begun_with(form, clients.known_by(intake, client)), errors


async def _household_errors(session: AsyncSession, household: Sequence[HouseholdMember]) -> list[FieldError]:
    """Whoever is named by an id is a client of this institution."""
    named = {member.client_id for member in household if member.client_id is not None}
    if not named:
        return []
    known: set[UUID] = set((await session.exec(select(Client.id).where(col(Client.id).in_(named)))).all())
    return [
        FieldError(f"household.{number}.client_id", "client_unknown")
        for number, member in enumerate(household)
        if member.client_id is not None and member.client_id not in known
    ]


def _each_field_once(errors: Iterable[FieldError]) -> tuple[FieldError, ...]:
    """The first objection to each field: the others often go away with it."""
    return tuple({error.field: error for error in reversed(tuple(errors))}.values())[::-1]
