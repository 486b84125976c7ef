"""The closed code lists that events and tables share."""

from typing import Literal

AgencyKind = Literal["ops", "pup", "cis", "kis", "owes"]
"""ops also stands for CUS and MOPR: they act as an OPS (Act of 19 July 2019 on social services centres)."""

ReferralKind = Literal["statutory_cis", "kis", "service", "application"]
"""statutory_cis: skierowanie do CIS (Act on social employment, art. 12); kis: into a club by social contract
(art. 18); application: an institution's wniosek to the OPS (art. 12 ust. 1); service: any other hand-over."""

Status = Literal[
    "draft",
    "opinion_pending",
    "submitted",
    "delivered",
    "in_review",
    "info_requested",
    "redirect_proposed",
    "accepted",
    "waitlisted",
    "scheduled",
    "no_show",
    "in_service",
    "suspended",
    "cancel_requested",
    "return_proposed",
    "completed",
    "declined",
    "redirected",
    "withdrawn",
    "cancelled",
    "returned",
    "no_response",
    "unreachable",
    "voided",
]
ApplicationStatus = Literal[
    "registered", "interview_planned", "interviewed", "opinion_given", "returned", "referred", "refused", "withdrawn"
]
"""How far a wniosek has come at the OPS; the last three have ended it."""

SenderAction = Literal[
    "withdraw",
    "answer",
    "accept_redirect",
    "refuse_redirect",
    "request_cancel",
    "accept_return",
    "refuse_return",
    "close_unanswered",
    "ask_reopen",
    "void",
    "end_consent",
    "renew_consent",
]
"""What the sender asks of the receiving node, the only writer of a referral after it was sent."""

Channel = Literal["phone", "sms", "mail", "letter", "visit", "through_family"]
"""How somebody tried to reach the person."""

Urgency = Literal["normal", "urgent"]
Side = Literal["sender", "receiver", "system"]
Language = Literal["pl", "en"]

Ground = Literal[
    "HOMELESS",
    "ALCOHOL_ADDICTION",
    "DRUG_ADDICTION",
    "MENTAL_DISORDER",
    "LONG_TERM_UNEMPLOYED",
    "EX_PRISONER",
    "REFUGEE",
    "DISABLED",
    "OTHER",
]
"""Art. 1 ust. 2 pkt 1-8 of the Act on social employment; the list is open ("in particular"), hence OTHER."""

Stage = Literal[
    "applied", "referred", "accepted", "trial", "main", "extension", "work", "completed", "follow_up", "closed"
]
"""Where the client stands on the path as a whole. applied: an OPS has an application and no referral goes on yet."""
