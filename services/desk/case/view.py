"""Everything that the page of a referral shows, asked for together and put into words."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime

from contracts.api import Question, Referral
from contracts.codes import Language, Side
from contracts.directory import Agency
from rules.calendar import local_day
from rules.kinds import kinds
from rules.lifecycle import ball, is_open, is_replaceable, wording_of_status
from rules.sharing import matrix
from services.desk.case import person
from services.desk.case.acts import Acts, acts, side_of
from services.desk.case.around import Around, Due, around
from services.desk.case.choices import choices
from services.desk.case.delivery import Step, steps
from services.desk.case.dossier import Group, groups
from services.desk.case.lineage import Related, lineage
from services.desk.case.offers import Offers, offers
from services.desk.case.standing import knows
from services.desk.case.telling import Told, told, tone_of
from services.desk.case.timeline import name_of
from services.desk.colleagues import called, colleagues
from services.desk.context import Desk
from services.desk.now import now_of
from services.desk.tasks import ELSEWHERE
from services.desk.visitors import Visitor
from services.desk.wordings import benefits
from services.desk.words import refusal_of

_AT_THE_HEAD = ("phone", "sex", "address.town")
"""What stands beside the name already."""

_FILES_OPEN = (
    *("accepted", "waitlisted", "scheduled", "no_show", "in_service"),
    *("suspended", "cancel_requested", "return_proposed"),
)
"""In these states the receiver has the files."""


@dataclass(frozen=True)
class View:
    """`preview`: nobody has taken it for review yet, so little is told of the person. `ball`: whose move it is in this
    referral, whatever else goes on on the path; empty while it is on its way."""

    referral: Referral
    side: Side
    state: str
    tone: str
    kind: str
    sender: str
    receiver: str
    unit: str | None
    name: str
    age: int | None
    masked: str | None
    holder: str | None
    preview: bool
    steps: tuple[Step, ...]
    acts: Acts
    offers: Offers
    told: tuple[Told, ...]
    follows: Related | None
    followed_by: Related | None
    suggestion: str | None
    last_reason: str | None
    groups: list[Group]
    basis: str | None
    around: Around | None
    ball: str
    mine: bool
    now: datetime

    @property
    def question(self) -> Question | None:
        """The question that waits for an answer, or the last one."""
        return self.referral.question

    @property
    def term_follows(self) -> bool:
        """Whether what falls due next is still to come, since the path has not heard of the last change yet."""
        behind = self.around is None or not knows(self.around.path, self.referral)
        return behind and is_open(self.referral.status) and self.referral.kind != "application"

    @property
    def next_due(self) -> Due | None:
        """What falls due next on this referral, as soon as that is known."""
        if self.around is None or not knows(self.around.path, self.referral):
            return None
        return self.around.next_due_of(self.referral.id)

    @property
    def stamp(self) -> str:
        """Another one when the referral or its path has changed."""
        return f"{self.referral.version}.{self.around.path.version if self.around else 0}"

    @property
    def closed(self) -> bool:
        """Whether the sender may go elsewhere with it: it has ended, and nothing has taken its place yet."""
        return is_replaceable(self.referral.status) and self.referral.followed_by is None

    @property
    def files_open(self) -> bool:
        """Whether this side may open the files."""
        return self.side == "sender" or self.referral.status in _FILES_OPEN


async def view_of(desk: Desk, who: Visitor, referral: Referral) -> View:
    """The referral as this person sees it."""
    path, now, (follows, followed_by) = await asyncio.gather(
        around(desk, who, referral.path_id), now_of(desk), lineage(desk, who, referral)
    )
    language, today = who.language, local_day(now)
    side = side_of(referral, who.agency.slug)
    receiver = desk.directory.find(referral.receiver or "")
    unit = receiver.unit(referral.unit) if receiver and referral.unit else None
    person_told = referral.client
    possible = acts(referral, side, who.role, language)
    move = _move(referral)
    preview = side == "receiver" and referral.status == "delivered" and referral.claimed_by is None
    return View(
        referral=referral,
        side=side,
        state=wording_of_status(referral.status)[language],
        tone=tone_of(referral.status),
        kind=kinds().by_code[referral.kind].wording[language] if referral.kind else "",
        sender=name_of(desk.directory, referral.sender),
        receiver=name_of(desk.directory, referral.receiver),
        unit=unit.name if unit else None,
        name=person.called(person_told.given_name, person_told.family_name) if person_told else "",
        age=person.age(person_told.birth_date, today) if person_told and person_told.birth_date else None,
        holder=await _holder(desk, who, referral),
        masked=person.masked(person_told.pesel) if person_told and person_told.pesel else None,
        preview=preview,
        steps=steps(referral),
        acts=possible,
        offers=offers(possible.offered, choices(referral, desk.directory, language, today), today, language),
        told=told(referral, desk.directory, language),
        follows=follows,
        followed_by=followed_by,
        suggestion=name_of(desk.directory, referral.suggestion) or None,
        last_reason=_last_reason(referral, language),
        groups=groups(person_told, language, _codes(receiver, language, today), but=_elsewhere(preview))
        if person_told
        else [],
        basis=_basis(desk, referral, language),
        around=path,
        ball=name_of(desk.directory, move),
        mine=move == who.agency.slug,
        now=now,
    )


def _move(referral: Referral) -> str | None:
    """Whose move it is; nobody's once it has ended, unless another way is to be found or the end is in question."""
    if referral.reopen_asked:
        return referral.receiver
    if not is_open(referral.status) and (referral.status not in ELSEWHERE or referral.followed_by is not None):
        return None
    return {"sender": referral.sender, "receiver": referral.receiver}.get(ball(referral.status))


async def _holder(desk: Desk, who: Visitor, referral: Referral) -> str | None:
    """The name of the colleague who has taken it."""
    if referral.claimed_by in (None, who.login):
        return None
    return called(await colleagues(who.calls(desk)), desk.directory, referral.claimed_by)


def _elsewhere(preview: bool) -> tuple[str, ...]:
    """What is not told again below; of what an address is nothing, where of the address only the town is told."""
    return (*_AT_THE_HEAD, "address.basis") if preview else _AT_THE_HEAD


def _codes(receiver: Agency | None, language: Language, today: date) -> dict[str, str]:
    """Words for codes of benefits, and of the receiver's workshops."""
    workshops = {each.code: each.name for each in receiver.workshops} if receiver else {}
    return {**benefits(language, today), **workshops}


def _last_reason(referral: Referral, language: Language) -> str | None:
    """Why the other side could not do what the sender asked for last."""
    last = referral.last_request
    return refusal_of(last, language) if last is not None and last.state == "refused" else None


def _basis(desk: Desk, referral: Referral, language: Language) -> str | None:
    """On what the data of the person go this way."""
    receiver = desk.directory.find(referral.receiver or "")
    if receiver is None or referral.kind is None:
        return None
    channel = matrix().channels.get((receiver.kind, referral.kind))
    return channel.basis[language] if channel else None
