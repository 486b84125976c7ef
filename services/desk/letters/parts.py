"""What all letters have: who writes, to whom, under which marks, and where it is signed."""

from datetime import date

from contracts.directory import Agency
from rules.letters import LetterCode, letters, signatory
from rules.roles import Level
from services.kit.paper.sheet import Section, Sheet, Text


def letter(
    code: LetterCode,
    *,
    name: str,
    number: str,
    case_mark: str | None,
    day: date,
    sender: Agency,
    addressee: tuple[str, ...],
    sections: tuple[Section, ...],
    notes: tuple[str, ...],
    signatories: tuple[Level, ...],
    closing: Section | None = None,
    urgent: bool = False,
) -> Sheet:
    """A letter with the title and the opening that the rules have for it."""
    text, words = letters().texts[code], letters().words
    marks = ((words.case_mark, case_mark), (words.number, number), (words.urgency, words.urgent if urgent else None))
    return Sheet(
        name=name,
        number=number,
        place=sender.town,
        day=day,
        sender=(sender.name, sender.town),
        marks=tuple((mark, value) for mark, value in marks if value),
        addressee=addressee,
        title=text.title,
        sections=(Section(None, (Text((text.opening,)),)), *sections),
        closing=closing,
        notes=notes,
        signatures=tuple((signatory(sender.kind, level), words.signature) for level in signatories),
    )


def numbered(*found: Section) -> tuple[Section, ...]:
    """The sections that hold something, with numbers to refer to them by."""
    filled = (section for section in found if section.parts)
    return tuple(
        Section(f"{number}. {section.heading}", section.parts) for number, section in enumerate(filled, start=1)
    )


def addressee_of(receiver: Agency, unit: str | None) -> tuple[str, ...]:
    """The receiver, and its unit where the letter goes to one."""
    part = receiver.unit(unit) if unit is not None else None
    return (receiver.name, *((part.name,) if part is not None else ()), receiver.town)
