"""Notices that an institution gives: kept here, and sent where the addressee has an account; the others are printed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlmodel import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.dossier import Dossier
from contracts.events import NoticeGiven
from contracts.form import Person
from contracts.ids import derived
from contracts.notices import NoticeContent, NoticeKind
from rules.calendar import local_day
from rules.sharing import cut
from services.intake.context import Intake
from services.intake.models import IntakeRow, SentReferral
from services.intake.residence import residence_ops
from services.kit.sealing import seal


class GivenNotice(IntakeRow, table=True):
    """A notice as its giver keeps it. `receiver`: an institution with an account; the others are told on paper."""

    __tablename__ = "notice"

    id: UUID = Field(primary_key=True)
    agency: str
    kind: NoticeKind = Field(sa_type=String)
    receiver: str | None
    at: datetime
    referral_id: UUID | None
    sealed_content: str


async def give(
    intake: Intake,
    session: AsyncSession,
    *,
    kind: NoticeKind,
    about: UUID,
    path_id: UUID,
    sender: str,
    receiver: str | None,
    referral_id: UUID | None,
    content: NoticeContent,
    at: datetime,
) -> None:
    """Give a notice, one of a kind about one case; in the transaction of what it tells of, so that it is never lost."""
    identity = derived("notice", kind, about)
    account = intake.service.directory.find(receiver) if receiver is not None else None
    if account is None:
        content = content.model_copy(update={"party": receiver})
    sealed = seal(intake.keyring, content, to=intake.service.node, context=identity)
    session.add(
        GivenNotice(
            id=identity,
            agency=sender,
            kind=kind,
            receiver=None if account is None else account.slug,
            at=at,
            referral_id=referral_id,
            sealed_content=sealed,
        )
    )
    if account is None:
        return
    event = NoticeGiven(
        path_id=path_id,
        version=1,
        at=at,
        notice_id=identity,
        sender=sender,
        receiver=account.slug,
        kind=kind,
        referral_id=referral_id,
        sealed=seal(intake.keyring, content, to=account.node, context=identity),
    )
    await intake.service.outbox.publish(session, event, source=sender, targets=[account.node])


async def of_direct_referral(
    intake: Intake, session: AsyncSession, referral: SentReferral, person: Person, dossier: Dossier, at: datetime
) -> None:
    """A PUP that refers a long-term unemployed person directly tells the OPS of residence (art. 12 ust. 1)."""
    directory = intake.service.directory
    sender = directory[referral.agency]
    if referral.kind != "statutory_cis" or sender.kind != "pup":
        return
    office = residence_ops(directory, sender, person)
    shared = cut(dossier, sender="pup", receiver="ops", kind="service", consent=False)
    await give(
        intake,
        session,
        kind="direct_referral",
        about=referral.id,
        path_id=referral.path_id,
        sender=referral.agency,
        receiver=None if office is None else office.slug,
        referral_id=referral.id,
        content=NoticeContent(
            given_name=shared.given_name,
            family_name=shared.family_name,
            birth_date=shared.birth_date,
            pesel=shared.pesel,
            home=shared.address,
            number=referral.number,
            case_mark=shared.case_mark,
            on=local_day(at),
            centre=referral.receiver,
        ),
        at=at,
    )
