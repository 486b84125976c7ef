"""The story of a referral after the review: waiting list, appointments, service, a pause, proposals, the end."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts import events
from contracts.codes import ReferralKind, Status
from tests.workflows.examples import PATH_ID, START, Referral, uid


class Life(Referral):
    """A referral that goes on after the acceptance, and whoever leads the case by it."""

    _led = ""
    _former: str | None = None
    _trail: tuple[Status, ...] = ()

    @property
    def custodian(self) -> str | None:
        return self._led or self.sender

    def _leads(self, slug: str) -> "Life":
        self._led = slug
        return self

    def _now(
        self,
        model: type[events.ReferralFact],
        status: Status,
        at: datetime | None,
        by: str = "receiver",
        **fields: Any,
    ) -> "Life":
        if by == "sender":
            fields["request_id"] = uid(self.id, len(self.events))
        led = None if self._led == "nobody" else self.custodian
        self._tell(model, at, status=status, custodian=led, by=by, **fields)
        return self

    @property
    def status(self) -> Status:
        last = self.events[-1]
        assert isinstance(last, events.ReferralFact)
        return last.status

    def accepted(self, at: datetime | None = None) -> "Life":
        self._leads(self.receiver if self.kind == "service" else self.sender)
        return self._now(events.ReferralAccepted, "accepted", at)

    def undone(self, at: datetime | None = None) -> "Life":
        self._leads(self.sender)
        super().undone(at)
        return self

    def waitlisted(self, review_on: date, at: datetime | None = None) -> "Life":
        self._leads(self.receiver if self.kind == "service" else self.sender)
        return self._now(events.ReferralWaitlisted, "waitlisted", at, review_on=review_on)

    def admitted(self, at: datetime | None = None) -> "Life":
        return self._now(events.PlaceFound, "accepted", at)

    def scheduled(self, meet_at: datetime, at: datetime | None = None) -> "Life":
        return self._now(events.MeetingScheduled, "scheduled", at, meet_at=meet_at)

    def missed_meeting(self, at: datetime | None = None) -> "Life":
        return self._now(events.NotAttended, "no_show", at)

    def tried(self, attempts: int, at: datetime | None = None) -> "Life":
        return self._now(events.ContactAttempted, self.status, at, channel="phone", attempts=attempts)

    def started(self, at: datetime | None = None) -> "Life":
        self._leads(self.receiver)
        return self._now(events.ServiceStarted, "in_service", at)

    def progressed(self, at: datetime | None = None) -> "Life":
        return self._now(events.ProgressNoted, self.status, at)

    def suspended(self, until: date, at: datetime | None = None) -> "Life":
        if self.status != "suspended":
            self._trail = (*self._trail, self.status)
        return self._now(events.ReferralSuspended, "suspended", at, reason="away", until=until)

    def resumed(self, at: datetime | None = None) -> "Life":
        return self._now(events.ReferralResumed, self._back(), at)

    def cancel_requested(self, at: datetime | None = None) -> "Life":
        self._trail = (*self._trail, self.status)
        return self._now(events.CancelRequested, "cancel_requested", at, by="sender", reason="mistake")

    def cancel_refused(self, at: datetime | None = None) -> "Life":
        return self._now(events.CancelRefused, self._back(), at, reason="service_runs")

    def cancelled(self, at: datetime | None = None) -> "Life":
        return self._ended(events.ReferralCancelled, "cancelled", at, reason="mistake")

    def return_proposed(self, at: datetime | None = None) -> "Life":
        self._trail = (*self._trail, self.status)
        return self._now(events.ReturnProposed, "return_proposed", at, reason="needs_more")

    def return_refused(self, at: datetime | None = None) -> "Life":
        return self._now(events.ReturnRefused, self._back(), at, by="sender", reason="can_go_on")

    def taken_back(self, at: datetime | None = None) -> "Life":
        self._trail, self._former = self._trail[:1], self.custodian
        self._leads(self.sender)
        return self._now(events.ReferralReturned, "returned", at, by="sender", reason="needs_more")

    def sent_back(self, at: datetime | None = None) -> "Life":
        return self._now(events.ReferralReturned, "returned", at, reason="wrong_place")

    def redirect_proposed(self, suggestion: str, at: datetime | None = None) -> "Life":
        return self._now(events.RedirectProposed, "redirect_proposed", at, reason="wrong_place", suggestion=suggestion)

    def redirect_refused(self, at: datetime | None = None) -> "Life":
        return self._now(events.RedirectRefused, "in_review", at, by="sender", reason="can_go_on")

    def redirected(self, at: datetime | None = None) -> "Life":
        return self._now(events.ReferralRedirected, "redirected", at, by="sender", child_id=uid(self.id, "child"))

    def unreachable(self, at: datetime | None = None) -> "Life":
        return self._ended(events.PersonUnreachable, "unreachable", at)

    def completed(self, at: datetime | None = None) -> "Life":
        return self._ended(events.ReferralCompleted, "completed", at, outcome="job", evidence="document")

    def reopen_asked(self, at: datetime | None = None) -> "Life":
        return self._now(events.ReopenAsked, self.status, at, by="sender", reason="came_back")

    def too_late(self, at: datetime | None = None) -> "Life":
        """Something the sender asked for was not possible any more."""
        return self._now(events.RequestRefused, self.status, at, by="sender", action="withdraw", reason="already_ended")

    def reopened(self, at: datetime | None = None) -> "Life":
        if self._former == self.receiver:
            self._leads(self.receiver)
        return self._now(events.ReferralReopened, self._back(), at)

    def reopen_refused(self, at: datetime | None = None) -> "Life":
        return self._now(events.ReopenRefused, self.status, at, reason="new_case")

    def no_response(self, at: datetime | None = None) -> "Life":
        return self._now(events.NoResponse, "no_response", at, by="sender")

    def voided(self, at: datetime | None = None) -> "Life":
        self._leads(self.sender)
        return self._now(events.ReferralVoided, "voided", at, by="sender", reason="duplicate")

    def consent_ended(self, at: datetime | None = None) -> "Life":
        return self._now(events.ConsentEnded, self.status, at, by="sender")

    def consent_renewed(self, at: datetime | None = None) -> "Life":
        return self._now(events.ConsentRenewed, self.status, at, by="sender", signed_on=date(2026, 6, 1))

    def _ended(self, model: type[events.ReferralFact], status: Status, at: datetime | None, **fields: Any) -> "Life":
        self._trail, self._former = self._trail[:1] or (self.status,), self.custodian
        if self.custodian == self.receiver:
            self._leads("nobody")
        return self._now(model, status, at, **fields)

    def _back(self) -> Status:
        *before, there = self._trail
        self._trail = tuple(before)
        return there


def life(
    kind: ReferralKind = "statutory_cis",
    name: str = "referral",
    *,
    sender: str = "ops-poraj",
    receiver: str = "cis-poraj",
    path_id: UUID = PATH_ID,
    at: datetime = START,
) -> Life:
    """A referral that was delivered and is under review."""
    told = Life(name, sender=sender, receiver=receiver, kind=kind, path_id=path_id, at=at)
    told.submitted().delivered(at=told.now + timedelta(minutes=2)).claimed()
    return told
