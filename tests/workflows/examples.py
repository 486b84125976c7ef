"""Referrals, events and facts to test with."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from contracts.codes import ReferralKind
from contracts.directory import Agency, Directory
from contracts.events import (
    ApplicationEvent,
    DecisionUndone,
    InformationAnswered,
    InformationRequested,
    ReferralAccepted,
    ReferralClaimed,
    ReferralDeclined,
    ReferralDelivered,
    ReferralFact,
    ReferralReleased,
    ReferralSubmitted,
    ReferralWithdrawn,
)
from contracts.ids import case_number
from contracts.paths import PathFact
from rules.book import shipped
from workflows.agenda import Agenda, apply
from workflows.facts import Terms, fact_of

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
"""A Monday morning; no holiday for three days."""

Story = ReferralSubmitted | ReferralFact | ApplicationEvent


def uid(*parts: object) -> UUID:
    """The same id for the same words."""
    return uuid5(UUID(int=0), " ".join(map(str, parts)))


PATH_ID = uid("path")

DIRECTORY = Directory(
    agencies=tuple(
        Agency(slug=slug, kind=kind, node=node, name=slug, town="Poraj", county="myszkowski")
        for slug, kind, node in (
            ("ops-poraj", "ops", "ops"),
            ("pup-myszkow", "pup", "pup"),
            ("cis-poraj", "cis", "cis"),
            ("cis-zarki", "cis", "cis"),
            ("owes-jura", "owes", "owes"),
        )
    )
)


class Referral:
    """Tells the story of one referral, an hour a step unless told otherwise; remembers the events it told."""

    def __init__(
        self,
        name: str = "referral",
        *,
        sender: str = "ops-poraj",
        receiver: str = "cis-poraj",
        kind: ReferralKind = "statutory_cis",
        path_id: UUID = PATH_ID,
        at: datetime = START,
    ) -> None:
        self.id = uid(path_id, name)
        self.sender, self.receiver, self.kind, self.path_id = sender, receiver, kind, path_id
        self.now = at
        self.events: list[Story] = []

    def _common(self, at: datetime | None) -> dict[str, object]:
        if self.events:
            self.now = at or self.now + timedelta(hours=1)
        return {
            "path_id": self.path_id,
            "version": len(self.events) + 1,
            "at": self.now,
            "referral_id": self.id,
            "sender": self.sender,
            "receiver": self.receiver,
        }

    def _tell(self, model: type[Story], at: datetime | None, **fields: object) -> "Referral":
        self.events.append(model.model_validate(self._common(at) | fields))
        return self

    def submitted(self) -> "Referral":
        return self._tell(
            ReferralSubmitted,
            None,
            number=case_number(self.id, 2026),
            kind=self.kind,
            urgency="normal",
            custodian=self.sender,
        )

    def _fact(
        self, model: type[ReferralFact], status: str, at: datetime | None, by: str = "receiver", **fields: object
    ) -> "Referral":
        custodian = self.receiver if status == "accepted" and self.kind == "service" else self.sender
        return self._tell(model, at, status=status, custodian=custodian, by=by, **fields)

    def delivered(self, at: datetime | None = None) -> "Referral":
        return self._fact(ReferralDelivered, "delivered", at, by="system")

    def claimed(self, at: datetime | None = None) -> "Referral":
        return self._fact(ReferralClaimed, "in_review", at, lease_until=self.now + timedelta(days=1))

    def released(self, at: datetime | None = None) -> "Referral":
        return self._fact(ReferralReleased, "delivered", at)

    def asked(self, due_on: date, at: datetime | None = None) -> "Referral":
        return self._fact(InformationRequested, "info_requested", at, due_on=due_on)

    def answered(self, at: datetime | None = None) -> "Referral":
        return self._fact(InformationAnswered, "in_review", at, by="sender", request_id=uid(self.id, "answer"))

    def accepted(self, at: datetime | None = None) -> "Referral":
        return self._fact(ReferralAccepted, "accepted", at)

    def declined(self, at: datetime | None = None) -> "Referral":
        return self._fact(ReferralDeclined, "declined", at, reason="no_place")

    def undone(self, at: datetime | None = None) -> "Referral":
        decision = next(event.name for event in reversed(self.events) if event.name in ("accepted", "declined"))
        return self._fact(DecisionUndone, "in_review", at, decision=decision)

    def withdrawn(self, at: datetime | None = None) -> "Referral":
        return self._fact(
            ReferralWithdrawn, "withdrawn", at, by="sender", reason="mistake", request_id=uid(self.id, "withdraw")
        )


def event_id(event: Story) -> UUID:
    return uid(event.aggregate_id, event.version)


def as_fact(event: Story, state: Agenda, kind: ReferralKind = "statutory_cis") -> PathFact:
    """The fact that the bridge makes of this event."""
    return fact_of(event, event_id(event), Terms(kind=kind, urgency="normal"), state, shipped())


def facts_of(events: Sequence[Story]) -> list[PathFact]:
    """The facts of these events of one path, taken in this order."""
    state, facts = Agenda(path_id=PATH_ID), []
    kinds = {event.referral_id: event.kind for event in events if isinstance(event, ReferralSubmitted)}
    for event in events:
        facts.append(as_fact(event, state, kinds.get(event.aggregate_id, "statutory_cis")))
        state = apply(state, facts[-1])
    return facts


def state_after(events: Sequence[Story]) -> Agenda:
    """The state of the path after these events."""
    state = Agenda(path_id=PATH_ID)
    for fact in facts_of(events):
        state = apply(state, fact)
    return state
