"""To whom a form may go as it stands, by the very guards that judge it when it is sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import NewReferral, ProblemField
from contracts.codes import Language, ReferralKind
from contracts.directory import Agency, Directory
from contracts.form import Person
from contracts.receivers import Receiver, Receivers, Territory
from rules.calendar import local_day
from rules.kinds import kinds_from
from services.intake import clients, paths, reading
from services.intake.context import Intake
from services.intake.form_checks import read_person
from services.intake.forms import resolve
from services.intake.guards import errors_of
from services.intake.models import SentReferral
from services.intake.residence import gmina_of
from services.kit.caller import Caller
from services.kit.collation import in_order
from services.kit.problems import FieldError, Problem, invalid

_NOT_TOLD = "_required"
"""How the code ends of a condition that asks for something: with it told, the law may still say yes or no."""

_OF_ONE_RECEIVER = {"unit": None, "preferred_workshop": None}
"""What was chosen at the receiver in the form says nothing about another one."""


@dataclass(frozen=True)
class Asked:
    """A form, as far as it can be read, and everybody it is about."""

    new: NewReferral
    person: Person | None
    earlier: Sequence[SentReferral]
    sender: Agency
    directory: Directory
    today: date
    language: Language


class ReceiverDesk:
    """What the edge offers to whoever looks for a receiver."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def choices(self, caller: Caller, typed: Mapping[str, Any]) -> Receivers:
        """Every institution but the caller's own. Raises Problem 422 for what is no form at all."""
        reading.check_depth(typed)
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            return choices(await self._asked(session, caller, typed))

    async def _asked(self, session: AsyncSession, caller: Caller, typed: Mapping[str, Any]) -> Asked:
        directory = self._intake.service.directory
        today = local_day(await self._intake.service.clock.now(session))
        new, _ = await resolve(self._intake, session, reading.read(typed).new)
        person, earlier = None, list[SentReferral]()
        if new.client is not None:
            person, wrong = read_person(new.client, today=today, training=self._intake.training)
            known = None if wrong else await clients.by_identity(self._intake, session, caller.agency, person)
            earlier += [] if known is None else await paths.going_on(session, known.id)
        return Asked(new, person, earlier, directory[caller.agency], directory, today, caller.language)


def choices(asked: Asked) -> Receivers:
    """Pure: all receivers, judged and in order."""
    others = (agency for agency in asked.directory.agencies if agency != asked.sender)
    found = (_judged(asked, agency) for agency in others)
    return Receivers(items=tuple(sorted(found, key=lambda each: (not each.eligible, in_order(each.name)))))


def _judged(asked: Asked, receiver: Agency) -> Receiver:
    sends = tuple(kinds_from(asked.sender.kind, receiver.kind))
    kind = asked.new.kind if asked.new.kind in sends else sends[0]
    against, missing = _objections(asked, receiver, kind)
    twin = paths.open_twin(asked.earlier, kind, receiver.slug)
    if twin is not None:
        told = Problem("already_open").body(asked.language)["title"]
        against = (*against, ProblemField(field="receiver", code="already_open", message=told))
    return Receiver(
        slug=receiver.slug,
        kind=receiver.kind,
        name=receiver.name,
        town=receiver.town,
        county=receiver.county,
        units=receiver.units,
        workshops=receiver.workshops,
        sends=sends,
        judged_as=kind,
        eligible=not against,
        territory=_territory(asked, receiver),
        against=against,
        missing=missing,
        link=None if twin is None else paths.link(twin.id),
    )


def _territory(asked: Asked, receiver: Agency) -> Territory | None:
    if not receiver.gminas:
        return "not_limited"
    gmina = gmina_of(asked.directory, asked.sender, asked.person)
    if gmina is None:
        return None
    if any(served.teryt == gmina for served in receiver.gminas):
        return "served"
    if receiver.serves(gmina, asked.today):
        return "agreement"
    return "paid_place" if asked.new.paid_place else None


def _objections(
    asked: Asked, receiver: Agency, kind: ReferralKind
) -> tuple[tuple[ProblemField, ...], tuple[ProblemField, ...]]:
    """What the law says against it, and what it wants to know first; what else is wrong is wrong wherever it goes."""
    form = asked.new.model_copy(update={**_OF_ONE_RECEIVER, "receiver": receiver.slug, "kind": kind})
    found = errors_of(
        form,
        person=asked.person,
        sender=asked.sender,
        receiver=receiver,
        kind=kind,
        directory=asked.directory,
        today=asked.today,
    )
    by_law = [error for error in found if error.wording is not None]
    missing = [error for error in by_law if error.code.endswith(_NOT_TOLD)]
    return _told((each for each in by_law if each not in missing), asked), _told(missing, asked)


def _told(errors: Iterable[FieldError], asked: Asked) -> tuple[ProblemField, ...]:
    return tuple(ProblemField(**each) for each in invalid(*errors).body(asked.language).get("errors", ()))
