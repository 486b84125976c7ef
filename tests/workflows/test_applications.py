"""Applications on a path: the OPS's deadlines open and end by themselves, and a referral goes on from there."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from contracts.codes import ReferralKind
from contracts.events import ApplicationEvent, ReminderDue
from rules.calendar import local_time
from services.kit.delivery import Forged
from services.kit.inbox import Arrival
from services.kit.service import Service
from tests.workflows.applying import Application, told_together
from tests.workflows.deliveries import deliver, delivery_of, inbox_of, pictures_for, published, rows
from tests.workflows.examples import PATH_ID, START, Referral, Story
from workflows.agenda import Agenda
from workflows.bridge import UnknownReferral, handlers
from workflows.picture import stage, view
from workflows.queries import path_view
from workflows.scan import scan
from workflows.tables import DeadlineRow, ReferralRow


def after(*stories: Sequence[Story], kind: ReferralKind = "statutory_cis") -> Agenda:
    """The state after these stories, told in this order."""
    return told_together(*stories, kind=kind)[0]


def statuses(state: Agenda) -> dict[str, str]:
    return {watch.deadline.rule: watch.status for watch in state.watches}


async def test_every_event_of_an_application_has_a_handler(service: Service) -> None:
    assert {model for model in handlers(service).effects if issubclass(model, ApplicationEvent)} == set(
        ApplicationEvent.__subclasses__()
    )


def test_a_registered_application_waits_for_the_interview_of_its_ops() -> None:
    state = after(Application().registered().events)
    picture = view(state)
    assert (picture.stage, picture.ball, picture.custodian) == ("applied", "ops-poraj", "ops-poraj")
    assert statuses(state) == {"interview": "open"}
    (deadline,) = picture.deadlines
    assert (deadline.owner, local_time(deadline.due_at).date()) == ("ops-poraj", date(2026, 6, 22))


def test_the_interview_counts_from_the_day_the_application_came_in_not_from_its_registration() -> None:
    state = after(Application().registered(received_on=date(2026, 5, 18)).events)
    assert local_time(state.watches[0].deadline.due_at).date() == date(2026, 6, 8)


def test_an_interview_that_was_held_in_time_and_noted_late_keeps_its_deadline() -> None:
    application = Application().registered()
    application.interviewed(held_on=date(2026, 6, 22), at=START + timedelta(days=40))
    state = after(application.events)
    assert statuses(state) == {"interview": "met", "opinion": "open"}
    opinion = next(watch.deadline for watch in state.watches if watch.deadline.rule == "opinion")
    assert local_time(opinion.due_at).date() == date(2026, 6, 29)


def test_each_step_ends_one_deadline_and_opens_the_next() -> None:
    application = Application().registered().planned().interviewed().opined()
    assert statuses(after(application.events)) == {"interview": "met", "opinion": "met", "issue": "open"}
    assert statuses(after(application.referred().events)) == {"interview": "met", "opinion": "met", "issue": "met"}


def test_a_refusal_keeps_the_deadline_of_the_decision_and_a_withdrawal_drops_what_is_open() -> None:
    told = Application().registered().interviewed().opined()
    assert statuses(after(told.refused().events))["issue"] == "met"
    assert statuses(after(Application().registered().withdrawn().events)) == {"interview": "dropped"}


def test_a_returned_application_is_nobodys_move_and_the_ops_looks_whether_it_was_completed() -> None:
    application = Application().registered().returned()
    state = after(application.events)
    assert view(state).ball is None
    assert statuses(state) == {"interview": "open", "completion": "open"}
    assert statuses(after(application.completed().events)) == {"interview": "open", "completion": "met"}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_referral_that_follows_goes_on_on_the_same_path(order: tuple[int, int]) -> None:
    application = Application().registered().interviewed().opined().referred()
    referral = Referral(at=application.now).submitted()
    stories: list[Sequence[Story]] = [application.events, referral.events]
    assert stage(after(*(stories[place] for place in order))) == "referred"


def test_a_refused_application_closes_the_path() -> None:
    assert stage(after(Application().registered().interviewed().opined().refused().events)) == "closed"


def test_an_accepted_electronic_application_is_no_accepted_referral() -> None:
    sent = Referral(sender="cis-zarki", receiver="ops-poraj", kind="application").submitted()
    assert stage(after(sent.events, kind="application")) == "applied"
    taken = after(sent.delivered().accepted().events, kind="application")
    assert stage(taken) == "closed"
    assert view(taken).ball is None
    application = Application(at=sent.now).registered()
    state = after(sent.events, application.events, kind="application")
    picture = view(state)
    assert (picture.stage, picture.ball, picture.custodian) == ("applied", "ops-poraj", "ops-poraj")


async def test_the_events_of_an_application_leave_what_the_fold_says(service: Service) -> None:
    application = Application().registered().planned().interviewed()
    await deliver(service, application.events)
    assert await path_view(service, PATH_ID) == view(after(application.events))
    assert {row.rule: row.status for row in await rows(service, DeadlineRow)} == {"interview": "met", "opinion": "open"}
    (row,) = await rows(service, ReferralRow)
    assert (row.kind, row.status, row.sender, row.receiver) == ("application", "interviewed", "ops-poraj", "ops-poraj")


async def test_events_of_an_application_out_of_order_give_the_same_picture(service: Service) -> None:
    events = Application().registered().planned().interviewed().opined().events
    await deliver(service, [events[2], events[0], events[3], events[1]])
    assert await path_view(service, PATH_ID) == view(after(events))


async def test_the_ops_has_the_picture_before_any_referral_and_gets_the_reminders(service: Service) -> None:
    long_ago = START - timedelta(days=400)
    await deliver(service, Application(at=long_ago).registered().events)
    (picture,) = await pictures_for(service, "ops-poraj")
    assert picture.view.stage == "applied"
    await scan(service)
    reminded = [(target, event.rule, event.audience) for target, _, event in await published(service, ReminderDue)]
    assert reminded == [("ops", "interview", "owner")] * 3 + [("ops", "interview", "head")]


async def test_only_the_ops_itself_may_tell_of_its_application(service: Service) -> None:
    event = Application().registered().events[0]
    forged = event.model_copy(update={"agency": "cis-poraj"})
    with pytest.raises(Forged):
        await inbox_of(service).take(Arrival(delivery_of(event, service), forged))


async def test_an_event_of_an_application_that_was_never_registered_is_refused(service: Service) -> None:
    orphan = Application().registered().planned().events[1].model_copy(update={"version": 1})
    with pytest.raises(UnknownReferral):
        await deliver(service, [orphan])
