"""Everything that the page of a client shows, asked for together and put into words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.clients import Client, ClientApplication, ClientReferral
from contracts.codes import Language
from contracts.directory import Agency, Contact
from rules import applications, lifecycle
from rules.calendar import local_day
from rules.kinds import kinds
from rules.roles import decides, is_head
from services.desk.case import person
from services.desk.case.around import Around, around
from services.desk.case.dossier import Group, groups
from services.desk.case.telling import tone_of
from services.desk.case.timeline import name_of
from services.desk.context import Desk
from services.desk.visitors import Visitor

_CLOSED = ("refused", "withdrawn")
"""The ends of an application without a referral."""


@dataclass(frozen=True)
class Case:
    """A referral, a draft or an application of the client in one line."""

    link: str
    number: str
    what: str
    where: str
    state: str
    tone: str
    draft: bool
    closed: bool
    at: datetime
    path_id: UUID
    instead_of: str | None
    """The number of the referral in whose place it was sent."""


@dataclass(frozen=True)
class ClientView:
    """`others`: paths of before, each with its newest case."""

    client: Client
    name: str
    age: int | None
    masked: str | None
    groups: list[Group]
    cases: list[Case]
    around: Around | None
    others: list[Case]
    taking_part: list[Agency]
    ball_contact: Contact | None
    """Where to ring when it is the move of another institution."""
    heads: bool
    decides: bool
    now: datetime

    @property
    def goes_on(self) -> bool:
        """Whether there is anything to take back."""
        return any(not case.closed for case in self.cases)


async def client_view(desk: Desk, who: Visitor, client: Client) -> ClientView:
    """The client as this person sees them, on the path that they are on now."""
    async with desk.database.transaction() as session:
        now = await desk.clock.now(session)
    known, language = client.known.person, who.language
    numbers = {each.id: each.number for each in client.referrals}
    cases = sorted(
        (
            *(_referral(desk, each, numbers, language) for each in client.referrals),
            *(_application(who, each, language) for each in client.applications),
        ),
        key=lambda case: (not case.closed, case.at),
        reverse=True,
    )
    sent = [case for case in cases if not case.draft]
    path_id = sent[0].path_id if sent else None
    newest = {case.path_id: case for case in reversed(sent) if case.path_id != path_id}
    path = await around(desk, who, path_id) if path_id is not None else None
    ball = desk.directory.find(path.path.ball or "") if path and not path.mine else None
    return ClientView(
        client=client,
        name=person.called(known.given_name, known.family_name),
        age=person.age(known.birth_date, local_day(now)) if known.birth_date else None,
        masked=person.masked(known.pesel) if known.pesel else None,
        groups=[*groups(known, language, {}, but=("phone", "sex")), *groups(client.known, language, {})],
        cases=cases,
        around=path,
        others=list(newest.values()),
        taking_part=_taking_part(desk, who, client, path_id),
        ball_contact=ball.contact if ball else None,
        heads=is_head([who.role]),
        decides=decides([who.role]),
        now=now,
    )


def _taking_part(desk: Desk, who: Visitor, client: Client, path_id: UUID | None) -> list[Agency]:
    """Our own institution and those to which the client was referred on this path."""
    slugs = [each.receiver for each in client.referrals if each.path_id == path_id and each.status != "draft"]
    there = (desk.directory.find(slug) for slug in dict.fromkeys(slugs) if slug is not None)
    return [who.agency, *(agency for agency in there if agency is not None)]


def _referral(desk: Desk, each: ClientReferral, numbers: Mapping[UUID, str], language: Language) -> Case:
    draft = each.status == "draft"
    return Case(
        link=f"/drafts/{each.id}" if draft else f"/referrals/{each.id}",
        number=each.number,
        what=kinds().by_code[each.kind].wording[language] if each.kind else "",
        where=name_of(desk.directory, each.receiver),
        state=lifecycle.wording_of_status(each.status)[language],
        tone=tone_of(each.status),
        draft=draft,
        closed=not lifecycle.is_open(each.status),
        at=each.submitted_at or each.created_at,
        path_id=each.path_id,
        instead_of=None if each.follows is None else numbers.get(each.follows),
    )


def _application(who: Visitor, each: ClientApplication, language: Language) -> Case:
    return Case(
        link=f"/applications/{each.id}",
        number=each.number,
        what=kinds().by_code["application"].wording[language],
        where=who.agency.name,
        state=applications.wording_of_status(each.status)[language],
        tone="stopped" if each.status in _CLOSED else "calm",
        draft=False,
        closed=each.status in _CLOSED,
        at=each.registered_at,
        path_id=each.path_id,
        instead_of=None,
    )
