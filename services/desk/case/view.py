"""Everything that the page of a referral shows, asked for together and put into words."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime

from contracts.api import Question, Referral
from contracts.codes import Language, Side
from contracts.directory import Agency
from rules.calendar import add_working_days, local_day
from rules.kinds import kinds
from rules.lifecycle import ball, wording_of_status
from rules.sharing import matrix
from services.desk.case import person
from services.desk.case.acts import Acts, acts, side_of
from services.desk.case.around import Around, Due, around
from services.desk.case.delivery import Step, steps
from services.desk.case.dossier import Group, groups
from services.desk.case.standing import knows
from services.desk.case.timeline import name_of
from services.desk.colleagues import called, colleagues
from services.desk.context import Desk
from services.desk.now import now_of
from services.desk.tasks import UNDECIDED
from services.desk.visitors import Visitor
from services.desk.wordings import benefits
from services.desk.words import reason_of

PRESETS = (3, 7, 14)
"""Working days after which an answer is mostly asked for."""

_AT_THE_HEAD = ("phone", "sex", "address.town")
"""What stands beside the name already."""

_TONES = {"accepted": "done", "declined": "stopped", "withdrawn": "stopped", "info_requested": "waiting"}


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
    reason: str | None
    last_reason: str | None
    groups: list[Group]
    basis: str | None
    around: Around | None
    ball: str
    mine: bool
    presets: list[date]
    now: datetime

    @property
    def question(self) -> Question | None:
        """The question that waits for an answer, or the last one."""
        return self.referral.question

    @property
    def term_follows(self) -> bool:
        """Whether what falls due next is still to come, since the path has not heard of the last change yet."""
        behind = self.around is None or not knows(self.around.path, self.referral)
        return behind and self.referral.status in UNDECIDED

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
        """Whether the sender may go elsewhere with it."""
        return self.referral.status in ("declined", "withdrawn")


async def view_of(desk: Desk, who: Visitor, referral: Referral) -> View:
    """The referral as this person sees it."""
    path, now = await asyncio.gather(around(desk, who, referral.path_id), now_of(desk))
    language, today = who.language, local_day(now)
    side = side_of(referral, who.agency.slug)
    receiver = desk.directory.find(referral.receiver or "")
    unit = receiver.unit(referral.unit) if receiver and referral.unit else None
    told = referral.client
    move = {"sender": referral.sender, "receiver": referral.receiver}.get(ball(referral.status))
    preview = side == "receiver" and referral.status == "delivered" and referral.claimed_by is None
    return View(
        referral=referral,
        side=side,
        state=wording_of_status(referral.status)[language],
        tone=_TONES.get(referral.status, "calm"),
        kind=kinds().by_code[referral.kind].wording[language] if referral.kind else "",
        sender=name_of(desk.directory, referral.sender),
        receiver=name_of(desk.directory, referral.receiver),
        unit=unit.name if unit else None,
        name=person.called(told.given_name, told.family_name) if told else "",
        age=person.age(told.birth_date, today) if told and told.birth_date else None,
        holder=await _holder(desk, who, referral),
        masked=person.masked(told.pesel) if told and told.pesel else None,
        preview=preview,
        steps=steps(referral),
        acts=acts(referral, side, who.role, language),
        reason=_reason(referral, language),
        last_reason=_last_reason(referral, language),
        groups=groups(told, language, _codes(receiver, language, today), but=_elsewhere(preview)) if told else [],
        basis=_basis(desk, referral, language),
        around=path,
        ball=name_of(desk.directory, move),
        mine=move == who.agency.slug,
        presets=[add_working_days(today, days) for days in PRESETS],
        now=now,
    )


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


def _reason(referral: Referral, language: Language) -> str | None:
    if referral.status not in ("declined", "withdrawn"):
        return None
    return reason_of("decline" if referral.status == "declined" else "withdraw", referral.reason, language)


def _last_reason(referral: Referral, language: Language) -> str | None:
    """Why the other side could not do what the sender asked for last."""
    last = referral.last_request
    return reason_of("refuse_request", last.reason, language) if last is not None and last.state == "refused" else None


def _basis(desk: Desk, referral: Referral, language: Language) -> str | None:
    """On what the data of the person go this way."""
    receiver = desk.directory.find(referral.receiver or "")
    if receiver is None or referral.kind is None:
        return None
    channel = matrix().channels.get((receiver.kind, referral.kind))
    return channel.basis[language] if channel else None
