"""Every event, one frozen model per version. Past tense; ids, codes and instants in the clear, people sealed.

A `sealed` field is a JWE for the node the copy goes to; the copy for the path node carries none. `version` counts the
published versions of the referral: 1 is the submission, the receiving node writes all later ones.

By whom writes them, one module each; all are imported here, so that the registry knows every event.
"""

from contracts.events.applications import (
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
from contracts.events.base import REGISTRY, Event, Family, ReferralEvent
from contracts.events.intake import AttachmentPart, NoticeGiven, ReferralRequested, ReferralSubmitted
from contracts.events.path import DeadlineEvent, DeadlineMissed, DeadlineMoved, PathAdvanced, ReminderDue, RulesApplied
from contracts.events.referral import (
    ApplicationTaken,
    DecisionUndone,
    InformationAnswered,
    InformationRequested,
    ReferralAccepted,
    ReferralClaimed,
    ReferralDeclined,
    ReferralDelivered,
    ReferralFact,
    ReferralReleased,
    ReferralSeen,
    ReferralWithdrawn,
    RequestRefused,
)
from contracts.events.road import DeadLetterClosed, DeadLetterEvent, DeadLetterOpened

__all__ = [
    "REGISTRY",
    "ApplicationCompleted",
    "ApplicationEvent",
    "ApplicationReferred",
    "ApplicationRefused",
    "ApplicationRegistered",
    "ApplicationReturned",
    "ApplicationTaken",
    "ApplicationWithdrawn",
    "AttachmentPart",
    "DeadLetterClosed",
    "DeadLetterEvent",
    "DeadLetterOpened",
    "DeadlineEvent",
    "DeadlineMissed",
    "DeadlineMoved",
    "DecisionUndone",
    "Event",
    "Family",
    "InformationAnswered",
    "InformationRequested",
    "InterviewHeld",
    "InterviewPlanned",
    "NoticeGiven",
    "OpinionGiven",
    "PathAdvanced",
    "ReferralAccepted",
    "ReferralClaimed",
    "ReferralDeclined",
    "ReferralDelivered",
    "ReferralEvent",
    "ReferralFact",
    "ReferralReleased",
    "ReferralRequested",
    "ReferralSeen",
    "ReferralSubmitted",
    "ReferralWithdrawn",
    "ReminderDue",
    "RequestRefused",
    "RulesApplied",
]
