"""An application becomes a referral: issued in the same transaction, with everything the law asks of a referral."""

from typing import cast

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.api import Route
from contracts.applications import ApplicationAction
from contracts.form import Form
from services.intake import commands
from services.intake.applications.domain import in_form, receiver_errors, referral_of
from services.intake.applications.models import ApplicationForm, ApplicationRow, Work
from services.intake.context import Intake
from services.intake.models import SentReferral
from services.kit.caller import Caller
from services.kit.problems import FieldError, Problem, invalid

_OF_THE_ACTION = frozenset(ApplicationAction.model_fields)


async def issue(
    intake: Intake,
    session: AsyncSession,
    caller: Caller,
    row: ApplicationRow,
    form: ApplicationForm,
    work: Work,
    body: ApplicationAction,
) -> SentReferral:
    """The referral, sent. Raises Problem; what is missing in the form is to be told in `form` with the action."""
    receiver = body.receiver or row.receiver
    errors = list(
        receiver_errors(receiver, agency=intake.service.directory[row.agency], directory=intake.service.directory)
        if receiver is not None
        else [FieldError("receiver", "missing")]
    )
    if not (body.reason or form.reason or form.expectations):
        errors.append(FieldError("reason", "missing"))
    if errors or receiver is None:
        raise invalid(*errors)
    new = referral_of(
        form, body, receiver=receiver, route=cast(Route, row.route), opinion=work.opinion, urgency=row.urgency
    )
    try:
        referral, _ = await commands.create(intake, session, caller, new, path_id=row.path_id)
    except Problem as problem:
        if not problem.errors:
            raise
        raise invalid(*(_told_in(error) for error in problem.errors)) from None
    return referral


def _told_in(error: FieldError) -> FieldError:
    """The same error at the place where the action takes that field."""
    first = error.field.partition(".")[0]
    if first in Form.model_fields and first not in _OF_THE_ACTION:
        return in_form(error)
    return error
