"""What each fact of the receiver tells the sender besides the state: noted in the sender's copy. Pure."""

from contracts import events
from services.intake.models import SentReferral


def note(referral: SentReferral, fact: events.ReferralFact) -> None:
    """Keep what the fact tells."""
    match fact:
        case events.ReferralAccepted():
            referral.was_in_charge, referral.review_on = True, None
            referral.edition = fact.edition or referral.edition
        case events.PlaceFound():
            referral.was_in_charge, referral.review_on = True, None
        case events.ReferralDeclined():
            _why(referral, fact.reason, fact.suggestion, fact.sealed)
        case events.DecisionUndone():
            referral.decided_at = referral.reason = referral.sealed_note = referral.suggestion = None
            referral.reopened, referral.was_in_charge = True, False
            referral.edition, referral.attempts = fact.edition, 0
            referral.review_on = referral.edition_starts_on = referral.meet_at = referral.sealed_place = None
        case events.InformationRequested():
            referral.sealed_question, referral.question_due_on = fact.sealed, fact.due_on
            referral.sealed_answer = None
        case events.RedirectProposed():
            _why(referral, fact.reason, fact.suggestion, fact.sealed)
        case events.ReferralRedirected():
            referral.followed_by = fact.child_id
        case events.ReturnProposed():
            _why(referral, fact.reason, fact.suggestion, None)
            referral.sealed_summary = fact.sealed
        case events.ReferralReturned():
            _why(referral, fact.reason, fact.suggestion, fact.sealed)
        case events.CancelRefused():
            _why(referral, fact.reason, None, fact.sealed)
        case events.RedirectRefused() | events.ReturnRefused():
            referral.reason = referral.suggestion = None
        case events.ReferralWithdrawn() | events.CancelRequested():
            referral.reason = fact.reason
        case events.ReferralVoided():
            referral.reason, referral.reopen_asked = fact.reason, False
        case events.ReferralCompleted():
            referral.reason, referral.sealed_note = None, fact.sealed
            referral.outcome, referral.evidence = fact.outcome, fact.evidence
        case events.PersonUnreachable():
            referral.reason = None
        case events.ReopenAsked():
            referral.reopen_asked = True
        case events.ReopenRefused():
            referral.reopen_asked = False
            referral.sealed_note = fact.sealed or referral.sealed_note
        case events.ReferralReopened():
            referral.reopen_asked, referral.reopened, referral.attempts = False, True, 0
            referral.reason = referral.outcome = referral.evidence = None
        case events.ConsentEnded():
            referral.consent_ended = True
        case events.ConsentRenewed():
            referral.consent_ended = False
        case _:
            _progress(referral, fact)


def _progress(referral: SentReferral, fact: events.ReferralFact) -> None:
    match fact:
        case events.ReferralWaitlisted():
            referral.was_in_charge = True
            referral.review_on, referral.edition_starts_on = fact.review_on, fact.starts_on
            referral.attempts = fact.attempts
            referral.edition = fact.edition
            referral.meet_at = referral.sealed_place = None
        case events.MeetingScheduled():
            referral.meet_at, referral.sealed_place = fact.meet_at, fact.sealed
            referral.attempts = fact.attempts
        case events.ContactAttempted():
            referral.attempts = fact.attempts
        case events.ServiceStarted():
            referral.signed_on, referral.attempts = fact.signed_on, 0
        case events.ReferralSuspended():
            referral.suspended_for, referral.suspended_until = fact.reason, fact.until
            referral.sealed_note = fact.sealed or referral.sealed_note
        case events.ReferralResumed():
            referral.suspended_until = None


def _why(referral: SentReferral, reason: str, suggestion: str | None, sealed: str | None) -> None:
    referral.reason, referral.suggestion = reason, suggestion
    if sealed is not None:
        referral.sealed_note = sealed
