"""What the state of a referral tells besides its name: days, places, reasons and outcomes, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contracts.api import Referral
from contracts.codes import Language, Status
from contracts.directory import Directory
from rules.lifecycle import ball
from rules.outcomes import table as outcomes
from rules.reasons import reasons
from services.desk.case.choices import edition_called
from services.desk.case.timeline import name_of
from services.desk.dates import day, moment
from services.desk.language import texts
from services.desk.tasks import NOT_BEGUN


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message


WHY: Mapping[Status, tuple[str, tuple[str, ...]]] = {
    "declined": (_("Powód odmowy"), ("decline", "late_decline")),
    "withdrawn": (_("Powód wycofania"), ("withdraw",)),
    "redirect_proposed": (_("Powód propozycji"), ("redirect",)),
    "redirected": (_("Powód propozycji"), ("redirect",)),
    "cancel_requested": (_("Powód prośby"), ("cancel",)),
    "cancelled": (_("Powód anulowania"), ("cancel",)),
    "return_proposed": (_("Powód zwrotu"), ("return",)),
    "returned": (_("Powód zwrotu"), ("send_back", "return")),
    "voided": (_("Powód oznaczenia"), ("void",)),
    **dict.fromkeys(
        ("accepted", "waitlisted", "scheduled", "no_show", "in_service", "suspended"),
        (_("Powód odmowy anulowania"), ("refuse_cancel",)),
    ),
}
"""By state: what the reason is of, a msgid, and the lists that it may be from."""

_TONES: Mapping[str, str] = {
    **dict.fromkeys(("accepted", "scheduled", "in_service", "completed"), "done"),
    **dict.fromkeys(
        (
            *("info_requested", "redirect_proposed", "waitlisted", "no_show", "suspended"),
            *("cancel_requested", "return_proposed", "opinion_pending"),
        ),
        "waiting",
    ),
    **dict.fromkeys(
        ("declined", "redirected", "withdrawn", "cancelled", "returned", "no_response", "unreachable", "voided"),
        "stopped",
    ),
}


@dataclass(frozen=True)
class Told:
    """`name` and `value` in the person's language."""

    name: str
    value: str


def tone_of(status: str) -> str:
    """How a state is told apart besides its words: calm, waiting, done, stopped."""
    return _TONES.get(status, "calm")


def why(status: Status, reason: str | None, language: Language) -> str | None:
    """The coded reason of this state in words; None when the state has none."""
    lists = WHY[status][1] if reason is not None and status in WHY else ()
    return next((each.wording[language] for name in lists for each in reasons(name) if each.code == reason), None)


def told(referral: Referral, directory: Directory, language: Language) -> tuple[Told, ...]:
    """Everything that belongs to the state as it is now."""
    say = texts(language).gettext
    return tuple(Told(say(name), value) for name, value in _told(referral, directory, language) if value)


def _told(referral: Referral, directory: Directory, language: Language) -> Iterator[tuple[str, str | None]]:
    status, last = referral.status, referral.last_request
    stays_ended = last is not None and (last.action, last.state) == ("ask_reopen", "refused")
    note = None if stays_ended else referral.note
    if (reason := why(status, referral.reason, language)) is not None:
        yield WHY[status][0], f"{reason}. {note}" if note else reason
    if status in ("return_proposed", "returned"):
        yield _("Podsumowanie instytucji przyjmującej"), referral.summary
    if status in ("declined", "redirect_proposed", "redirected", "return_proposed", "returned"):
        yield _("Wskazana instytucja"), name_of(directory, referral.suggestion)
    if referral.waiting is not None:
        yield from _waiting(referral, directory, language)
    elif status in NOT_BEGUN:
        receiver = directory.find(referral.receiver or "")
        yield _("Planowana edycja"), edition_called(receiver, referral.edition, language)
    if status in ("scheduled", "no_show") and referral.meeting is not None:
        at, place = moment(referral.meeting.at, language), referral.meeting.place
        yield _("Spotkanie"), f"{at}, {place}" if place else at
    if status == "suspended":
        words = {each.code: each.wording[language] for each in reasons("suspend")}
        yield _("Powód zawieszenia"), words.get(referral.suspended_for or "")
    if status == "suspended" and referral.suspended_until is not None:
        yield _("Zawieszone do"), day(referral.suspended_until, language)
    if referral.signed_on is not None:
        yield _("Podpisano program lub kontrakt"), day(referral.signed_on, language)
    if referral.attempts and (ball(status) == "receiver" or status == "unreachable"):
        yield _("Próby kontaktu z osobą"), str(referral.attempts)
    if status == "completed":
        yield from _ended(referral, note, language)
    if stays_ended:  # whose last words were about that
        yield _("Wyjaśnienie instytucji przyjmującej"), referral.note


def _waiting(referral: Referral, directory: Directory, language: Language) -> Iterator[tuple[str, str | None]]:
    waiting = referral.waiting
    if waiting is None:
        return
    receiver = directory.find(referral.receiver or "")
    yield _("Miejsce na liście"), str(waiting.position) if waiting.position is not None else None
    starts = day(waiting.starts_on, language) if waiting.starts_on else None
    yield _("Planowana edycja"), edition_called(receiver, waiting.edition, language) or starts
    yield _("Miejsce będzie sprawdzone ponownie"), day(waiting.review_on, language)


def _ended(referral: Referral, note: str | None, language: Language) -> Iterator[tuple[str, str | None]]:
    outcome, evidence = outcomes().outcomes, outcomes().evidence
    yield _("Wynik"), outcome[referral.outcome].wording[language] if referral.outcome in outcome else None
    yield _("Skąd to wiadomo"), evidence[referral.evidence].wording[language] if referral.evidence in evidence else None
    yield _("Uwagi"), note
