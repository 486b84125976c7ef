"""Applications (wnioski) of an OPS, told to the path node."""

from datetime import date
from uuid import UUID

from contracts.base import Code, Slug
from contracts.codes import ApplicationStatus, Urgency
from contracts.events.base import Event


class ApplicationEvent(Event):
    """About one application at its OPS, the only writer. `version` counts its versions from 1, the registration."""

    family = "intake"
    gated = True

    application_id: UUID
    agency: Slug
    status: ApplicationStatus

    @property
    def aggregate_id(self) -> UUID:
        return self.application_id


class ApplicationRegistered(ApplicationEvent):
    """An application is with the OPS since `received_on`, when the time limits began."""

    name = "application_registered"

    urgency: Urgency
    received_on: date


class InterviewPlanned(ApplicationEvent):
    """The family interview has a day."""

    name = "interview_planned"

    on: date


class InterviewHeld(ApplicationEvent):
    """The family interview took place."""

    name = "interview_held"

    held_on: date


class OpinionGiven(ApplicationEvent):
    """The social worker has given the opinion (Act on social employment, art. 12 ust. 2); what it says is not told."""

    name = "opinion_given"

    issued_on: date


class ApplicationReturned(ApplicationEvent):
    """Something is missing; the applicant was asked for it."""

    name = "application_returned"

    reason: Code


class ApplicationCompleted(ApplicationEvent):
    """What was missing is there."""

    name = "application_completed"


class ApplicationReferred(ApplicationEvent):
    """It led to a referral."""

    name = "application_referred"

    referral_id: UUID


class ApplicationRefused(ApplicationEvent):
    """The OPS issues no referral."""

    name = "application_refused"

    reason: Code


class ApplicationWithdrawn(ApplicationEvent):
    """The applicant took it back, or it has become pointless."""

    name = "application_withdrawn"

    reason: Code
