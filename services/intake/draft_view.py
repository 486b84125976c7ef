"""A draft as its sender sees it: what was typed, and what is missing before it can be sent."""

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import ProblemField, Referral
from contracts.codes import Language
from contracts.dossier import Dossier
from rules.calendar import local_day
from rules.retention import period
from services.intake import drafts, opinions, reading
from services.intake.context import Intake
from services.intake.domain import dossier_of
from services.intake.forms import Judged, judge_typed
from services.intake.models import Draft
from services.intake.reading import Reading
from services.kit.actions import offered
from services.kit.caller import Caller
from services.kit.problems import invalid


async def view(intake: Intake, session: AsyncSession, caller: Caller, draft: Draft) -> Referral:
    """The draft with everything that stands against sending it now."""
    typed = drafts.typed_in(intake, draft)
    now = await intake.service.clock.now(session)
    read = reading.read(typed)
    judged = await judge_typed(intake, session, caller, read, now)
    possible = (
        offered(kind=draft.kind, status=draft.status, side="sender", roles=caller.roles, language=caller.language)
        if draft.kind is not None
        else ()
    )
    return Referral(
        id=draft.id,
        path_id=draft.path_id,
        number=draft.number,
        sender=draft.agency,
        receiver=draft.receiver,
        kind=draft.kind,
        urgency=draft.urgency,
        status=draft.status,
        version=0,
        custodian=draft.agency,
        available_actions=possible,
        client=_dossier(intake, judged, read),
        form=typed,
        missing=_missing(judged, caller.language),
        revision=draft.revision,
        purge_on=local_day(draft.saved_at + period("drafts", local_day(now))),
        opinion_asked=opinions.asked(draft),
    )


def _missing(judged: Judged, language: Language) -> tuple[ProblemField, ...]:
    """What sending would be refused for, in the same words."""
    return tuple(ProblemField(**each) for each in invalid(*judged.errors).body(language).get("errors", ()))


def _dossier(intake: Intake, judged: Judged, read: Reading) -> Dossier | None:
    """The dossier as it will be, once the person can be read."""
    unread = {error.field.partition(".")[0] for error in read.errors}
    if judged.new.client is None or "client" in unread:
        return None
    dossier = judged.checked.dossier if judged.checked else dossier_of(judged.new, training=intake.training)
    return dossier.model_copy(update={"reason": None}) if "reason" in unread else dossier
