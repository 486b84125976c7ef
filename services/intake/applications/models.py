"""The row of an application. Who the person and the applicant are, and what is said of them, stays sealed."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field as Told
from sqlalchemy import String
from sqlmodel import Field

from contracts.applications import Applicant, Channel, StepTaken
from contracts.base import Message
from contracts.codes import ApplicationStatus, Urgency
from contracts.dossier import Opinion
from contracts.form import Form
from services.intake.models import IntakeRow
from services.kit.caller import Caller


class ApplicationForm(Form):
    """What an application tells of the person, and who applies."""

    applicant: Applicant
    reason: str | None = Told(default=None, max_length=4000)


class Work(Message):
    """What the OPS has written down while it worked on an application."""

    place: str | None = None
    opinion: Opinion | None = None
    case_mark: str | None = None
    note: str | None = None
    steps: tuple[StepTaken, ...] = ()


def only_role(caller: Caller) -> str | None:
    """The role in which somebody acts; an institution's own token has all of its roles and stands for none of them."""
    return next(iter(caller.roles)) if len(caller.roles) == 1 else None


def taken(action: str, caller: Caller, at: datetime) -> StepTaken:
    """A step as it goes on record."""
    return StepTaken(action=action, at=at, actor=caller.actor, role=only_role(caller))


class ApplicationRow(IntakeRow, table=True):
    """An application; its OPS is the only writer."""

    __tablename__ = "application"

    id: UUID = Field(primary_key=True)
    agency: str
    client_id: UUID
    path_id: UUID
    number: str
    route: str
    channel: Channel = Field(sa_type=String)
    urgency: Urgency = Field(sa_type=String)
    receiver: str | None
    status: ApplicationStatus = Field(sa_type=String)
    returned_from: ApplicationStatus | None = Field(default=None, sa_type=String)
    version: int
    received_on: date
    registered_at: datetime
    interview_on: date | None = None
    interview_held_on: date | None = None
    opinion_on: date | None = None
    returned_at: datetime | None = None
    decided_at: datetime | None = None
    issued_by: str | None = None
    reason: str | None = None
    referral_id: UUID | None = None
    source_id: UUID | None = None
    sealed_form: str
    sealed_work: str
