"""Potwierdzenie nadania: what became of a referral so far, for the sender's own file and for the person."""

from datetime import datetime

from contracts.api import DeadlineItem, Path, Referral
from contracts.directory import Directory
from contracts.receipts import HandoverReceipt
from rules.calendar import local_day
from rules.letters import letters
from rules.lifecycle import wording_of_status
from services.desk.letters.facts import Facts
from services.desk.letters.parts import letter, numbered
from services.desk.letters.person import NAME, full_name
from services.kit.paper.sheet import Part, Section, Sheet, Table, Text, moment_in_words

_NOTHING_DUE = "Obecnie nie biegnie żaden termin tego skierowania."
_NOT_YET_KNOWN = "Terminy nie są jeszcze znane nadawcy. Pojawią się w systemie Ścieżka, gdy odnotuje on nadanie."


def receipt_letter(
    directory: Directory, referral: Referral, handover: HandoverReceipt, path: Path | None, now: datetime
) -> Sheet | None:
    """The receipt of a referral that was sent, as things stand `now`; None for a draft. `path`: None, not known yet."""
    if referral.times.submitted is None or referral.receiver is None:
        return None
    sender = directory[referral.sender]
    return letter(
        "receipt",
        name="Potwierdzenie nadania",
        number=referral.number,
        case_mark=referral.client.case_mark if referral.client else None,
        day=local_day(now),
        sender=sender,
        addressee=(),
        sections=numbered(
            Section("Skierowanie", _referral(directory, referral).parts),
            Section("Przebieg", _course(referral, handover).parts),
            Section("Co nastąpi dalej", _next(directory, referral, path)),
        ),
        notes=(letters().words.not_delivery,),
        signatories=(),
    )


def _referral(directory: Directory, referral: Referral) -> Facts:
    facts = Facts()
    facts.text("Rodzaj", letters().texts[referral.kind].title if referral.kind else None)
    facts.text(NAME, full_name(referral.client) if referral.client else None)
    facts.text("Nadawca", directory[referral.sender].name)
    receiver = directory[referral.receiver] if referral.receiver else None
    if receiver is not None:
        unit = receiver.unit(referral.unit) if referral.unit else None
        facts.text("Odbiorca", receiver.name, unit.name if unit else None)
    return facts


def _course(referral: Referral, handover: HandoverReceipt) -> Facts:
    """Each state by its fact; one that has not come about has no line."""
    facts, times = Facts(), referral.times
    steps = (
        ("Nadano", times.submitted),
        ("Dostarczono", times.delivered),
        ("Otwarto u odbiorcy", times.seen),
        ("Rozstrzygnięto", times.decided),
    )
    for name, at in steps:
        facts.text(name, moment_in_words(at) if at else None)
    if handover.received_at is not None:
        signed = f"{moment_in_words(handover.received_at)}, pozycja {handover.number}"
        facts.text("Podpisane potwierdzenie odbioru", signed)
    facts.text("Stan", wording_of_status(referral.status)["pl"])
    return facts


def _next(directory: Directory, referral: Referral, path: Path | None) -> tuple[Part, ...]:
    if path is None:
        return (Text((_NOT_YET_KNOWN,)),)
    waiting = [each for each in path.deadlines if each.referral_id == referral.id and each.status in ("open", "missed")]
    if not waiting:
        return (Text((_NOTHING_DUE,)),)
    rows = tuple(_row(directory, each) for each in sorted(waiting, key=lambda each: each.due_at))
    return (Table(("Co", "Kto", "Najpóźniej", "Podstawa"), rows, (4, 5, 4, 5)),)


def _row(directory: Directory, deadline: DeadlineItem) -> tuple[str, ...]:
    owner = directory.find(deadline.owner)
    return (
        letters().steps[deadline.rule],
        owner.name if owner is not None else deadline.owner,
        moment_in_words(deadline.due_at),
        deadline.basis,
    )
