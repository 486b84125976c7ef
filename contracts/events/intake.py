"""Written by the sender's side: the submission, requests, notices, files."""

from datetime import date
from typing import Self
from uuid import UUID

from contracts.base import CaseNumber, Code, RoleCode, Slug
from contracts.codes import ReferralKind, SenderAction, Urgency
from contracts.events.base import Event, ReferralEvent
from contracts.notices import NoticeKind


class ReferralSubmitted(ReferralEvent):
    """Sent by the sending institution; `sealed` is the dossier, cut to what the receiver may know."""

    family = "intake"
    name = "referral_submitted"
    gated = True

    number: CaseNumber
    kind: ReferralKind
    urgency: Urgency
    custodian: Slug
    unit: Code | None = None
    """Whose inbox at the receiver it goes to; None: that of the whole institution."""
    follows: UUID | None = None
    """The referral in whose place this one was sent."""
    lineage: tuple[Slug, ...] = ()
    """The institutions that had it before, oldest first; none of them may be asked again by a redirect."""
    consent: bool = False
    """Whether it rests on the person's consent."""
    edition: Code | None = None
    """The edition of the workshop that the person was sent for."""


class ReferralRequested(ReferralEvent):
    """The sender asks the receiving node, the only writer now, to do something; `sealed` holds an answer's text.

    `version` is the version the sender saw. A request is not a version of the referral and bypasses the version gate.
    """

    family = "intake"
    name = "referral_requested"

    request_id: UUID
    action: SenderAction
    roles: tuple[RoleCode, ...]
    reason: Code | None = None
    signed_on: date | None = None
    child_id: UUID | None = None
    """The referral that takes the place of this one (accept_redirect)."""


class NoticeGiven(Event):
    """One institution tells another something in a case; `sealed` is a `contracts.notices.NoticeContent`."""

    family = "intake"
    name = "notice_given"

    notice_id: UUID
    sender: Slug
    receiver: Slug
    kind: NoticeKind
    referral_id: UUID | None = None
    sealed: str | None = None

    @property
    def aggregate_id(self) -> UUID:
        return self.notice_id

    def without_seal(self) -> Self:
        return self.model_copy(update={"sealed": None})


class AttachmentPart(ReferralEvent):
    """One part, `part` of `parts`, of the content of an attached file; `sealed` for the receiver, who has accepted."""

    family = "intake"
    name = "attachment_part"

    attachment_id: UUID
    part: int
    parts: int
