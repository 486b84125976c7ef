"""Several referrals of one path, the people who work on them, and the path's clock."""

from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID, uuid5

from contracts.codes import ReferralKind, Side, Status
from contracts.events import ReferralFact, ReferralSubmitted
from contracts.paths import PathFact
from rules.book import shipped
from rules.lifecycle import Transition, available_actions
from rules.roles import Level, roles
from services.kit.caller import Caller
from tests.lifecycle.life import Life
from tests.lifecycle.memory import KINDS, Clock
from workflows.agenda import Agenda, apply, due, emitted
from workflows.facts import Terms, fact_of

START = datetime(2026, 3, 2, 9, tzinfo=UTC)

FROM_TO: dict[ReferralKind, tuple[str, str]] = {
    "statutory_cis": ("ops-poraj", "cis-poraj"),
    "kis": ("ops-poraj", "kis-poraj"),
    "service": ("cis-poraj", "owes-jura"),
    "application": ("kis-poraj", "ops-poraj"),
}
LEVELS: dict[str, Level] = {"anna": "caseworker", "piotr": "caseworker", "szefowa": "head"}
"""Who works in each institution."""


@cache
def _offered(kind: ReferralKind, status: Status, side: Side, held: frozenset[str]) -> tuple[Transition, ...]:
    return available_actions(kind=kind, status=status, side=side, roles=held)


@cache
def _roles(kind: str, level: Level) -> frozenset[str]:
    return frozenset(role.code for role in roles().values() if kind in role.agencies and role.level == level)


class World:
    """One path. `notices`: what was told of deadlines; `history`: what the path's workflow took in."""

    def __init__(self, kind: ReferralKind) -> None:
        self.kind = kind
        self.clock = Clock(START)
        self.agenda = Agenda(path_id=UUID(int=0))
        self.notices: list[UUID] = []
        self.history: list[PathFact | tuple[datetime, set[UUID]]] = []
        self.lives: list[Life] = []
        self.send(*FROM_TO[kind], lineage=())

    def send(self, sender: str, to: str, lineage: tuple[str, ...]) -> Life:
        """Another referral, with an id of its own."""
        life = Life(f"referral {len(self.lives)}", self.kind, sender, to, self.clock, lineage)
        self.lives.append(life)
        return life

    def next_id(self) -> UUID:
        """The id of the referral that would be sent next."""
        return uuid5(UUID(int=0), f"referral {len(self.lives)}")

    def who(self, agency: str, name: str) -> Caller:
        """This person of this institution, with the roles of their level."""
        return Caller(agency=agency, roles=_roles(KINDS[agency], LEVELS[name]), actor=name)

    def offers(self, life: Life, side: Side, name: str) -> tuple[Transition, ...]:
        """What the table offers this person now."""
        agency, status = (
            (life.sent.receiver, life.status) if side == "receiver" else (life.sent.agency, life.sent.status)
        )
        return _offered(self.kind, status, side, self.who(agency, name).roles)

    def to_path(self, life: Life, index: int) -> None:
        """An event reaches the path; it may come again."""
        for event in life.path_gate.take(life.to_path[index]):
            self._fold(event)

    def _fold(self, event: ReferralSubmitted | ReferralFact) -> None:
        event_id = uuid5(event.referral_id, str(event.version))
        fact = fact_of(event, event_id, Terms(kind=self.kind, urgency="normal"), self.agenda, shipped())
        self.history.append(fact)
        self.agenda = apply(self.agenda, fact)

    def ring(self) -> None:
        """What is due by now is told."""
        items = due(self.agenda, self.clock.time)
        self.notices += [item.id for item in items]
        missed = {item.deadline_id for item in items if item.audience is None}
        if items:
            self.history.append((self.clock.time, missed))
            self.agenda = emitted(self.agenda, self.clock.time, missed)

    def arrive(self) -> None:
        """Everything on its way arrives, until nothing is."""
        for life in self.lives:
            for index in range(len(life.to_receiver)):
                life.arrive(index)
            for index in range(len(life.to_sender)):
                life.told(index)
            for index in range(len(life.to_path)):
                self.to_path(life, index)

    def go_on(self, by: timedelta) -> None:
        self.clock.go_on(by)
