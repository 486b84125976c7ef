"""Applications of an OPS to test with."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from contracts.codes import ReferralKind, Urgency
from contracts.events import (
    ApplicationCompleted,
    ApplicationEvent,
    ApplicationReferred,
    ApplicationRefused,
    ApplicationRegistered,
    ApplicationReturned,
    ApplicationWithdrawn,
    InterviewHeld,
    InterviewPlanned,
    OpinionGiven,
)
from contracts.paths import PathFact
from rules.book import shipped
from tests.workflows.examples import PATH_ID, START, Story, event_id, uid
from workflows.agenda import Agenda, apply
from workflows.facts import Terms, fact_of


def told_together(*stories: Sequence[Story], kind: ReferralKind = "statutory_cis") -> tuple[Agenda, list[PathFact]]:
    """The state after these stories of one path, told in this order, and their facts; `kind`: of the referrals."""
    state, facts = Agenda(path_id=stories[0][0].path_id), []
    for event in (event for story in stories for event in story):
        terms = Terms(kind="application" if isinstance(event, ApplicationEvent) else kind, urgency="normal")
        facts.append(fact_of(event, event_id(event), terms, state, shipped()))
        state = apply(state, facts[-1])
    return state, facts


class Application:
    """Tells the story of one application, a day a step unless told otherwise; remembers the events it told."""

    def __init__(self, name: str = "application", *, path_id: UUID = PATH_ID, at: datetime = START) -> None:
        self.id = uid(path_id, name)
        self.path_id, self.now = path_id, at
        self.events: list[ApplicationEvent] = []

    def _tell(self, model: type[ApplicationEvent], status: str, at: datetime | None, **fields: object) -> "Application":
        if self.events:
            self.now = at or self.now + timedelta(days=1)
        common = {
            "path_id": self.path_id,
            "version": len(self.events) + 1,
            "at": self.now,
            "application_id": self.id,
            "agency": "ops-poraj",
            "status": status,
        }
        self.events.append(model.model_validate(common | fields))
        return self

    def registered(self, received_on: date | None = None, urgency: Urgency = "normal") -> "Application":
        day = received_on or self.now.date()
        return self._tell(ApplicationRegistered, "registered", None, received_on=day, urgency=urgency)

    def planned(self) -> "Application":
        return self._tell(InterviewPlanned, "interview_planned", None, on=self.now.date() + timedelta(days=3))

    def interviewed(self, held_on: date | None = None, at: datetime | None = None) -> "Application":
        day = held_on or (at or self.now + timedelta(days=1)).date()
        return self._tell(InterviewHeld, "interviewed", at, held_on=day)

    def opined(self, at: datetime | None = None) -> "Application":
        return self._tell(OpinionGiven, "opinion_given", at, issued_on=(at or self.now + timedelta(days=1)).date())

    def returned(self) -> "Application":
        return self._tell(ApplicationReturned, "returned", None, reason="signature_missing")

    def completed(self) -> "Application":
        return self._tell(ApplicationCompleted, "registered", None)

    def referred(self) -> "Application":
        return self._tell(ApplicationReferred, "referred", None, referral_id=uid(self.path_id, "referral"))

    def refused(self) -> "Application":
        return self._tell(ApplicationRefused, "refused", None, reason="negative_opinion")

    def withdrawn(self) -> "Application":
        return self._tell(ApplicationWithdrawn, "withdrawn", None, reason="no_contact")
