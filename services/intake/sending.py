"""draft → submitted: the event with what the receiver may know, and the version that the gate goes on from."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import ActionBody, NewReferral
from contracts.dossier import Dossier
from contracts.events import ReferralSubmitted
from contracts.subjects import PATH_NODE
from rules.sharing import contents_follow, cut
from services.intake import attachments
from services.intake.context import Intake
from services.intake.models import SentReferral
from services.intake.residence import gmina_of, unit_for
from services.kit.actions import ruling
from services.kit.caller import Caller
from services.kit.gate import step
from services.kit.problems import Problem
from services.kit.sealing import seal


@contextmanager
def one_open() -> Iterator[None]:
    """The database keeps a second open referral of the same person for the same thing out. Raises Problem 409."""
    try:
        yield
    except IntegrityError:
        raise Problem("already_open") from None


def check_sendable(caller: Caller, referral: SentReferral) -> None:
    """Raises Problem 403, 409."""
    ruling(
        kind=referral.kind,
        status=referral.status,
        action="submit",
        side="sender",
        roles=caller.roles,
        body=ActionBody(),
    )


def submitted(
    intake: Intake, caller: Caller, referral: SentReferral, new: NewReferral, dossier: Dossier, now: datetime
) -> ReferralSubmitted:
    """draft → submitted: the event, with the dossier cut to what the receiver may know. Raises Problem 403, 409."""
    check_sendable(caller, referral)
    directory = intake.service.directory
    receiver = directory[referral.receiver]
    gmina = gmina_of(directory, directory[caller.agency], new.client)
    referral.unit = unit_for(receiver, new.unit, gmina)
    shared = cut(
        dossier,
        sender=directory[caller.agency].kind,
        receiver=receiver.kind,
        kind=referral.kind,
        consent=new.consent is not None,
    )
    referral.status, referral.version, referral.submitted_at = "submitted", 1, now
    referral.consent = new.consent is not None
    referral.edition = new.edition
    return ReferralSubmitted(
        path_id=referral.path_id,
        version=1,
        at=now,
        referral_id=referral.id,
        sender=caller.agency,
        receiver=referral.receiver,
        sealed=seal(intake.keyring, shared, to=receiver.node, context=referral.id),
        number=referral.number,
        kind=referral.kind,
        urgency=referral.urgency,
        custodian=caller.agency,
        unit=referral.unit,
        follows=referral.follows,
        lineage=tuple(referral.lineage),
        consent=referral.consent,
        edition=referral.edition,
    )


async def use_files(intake: Intake, session: AsyncSession, referral: SentReferral, new: NewReferral) -> None:
    """Note which files the referral names, and whether their contents follow its acceptance."""
    receiver = intake.service.directory[referral.receiver]
    shared = contents_follow(receiver=receiver.kind, kind=referral.kind, consent=new.consent is not None)
    await attachments.use(session, referral.agency, referral.id, new.attachments, shared=shared)


async def publish(intake: Intake, session: AsyncSession, referral: SentReferral, event: ReferralSubmitted) -> None:
    """The first version, known here too: the gate goes on from it."""
    await step(session, [event])
    targets = [intake.service.directory[referral.receiver].node, PATH_NODE]
    await intake.service.outbox.publish(session, event, source=referral.agency, targets=targets)
