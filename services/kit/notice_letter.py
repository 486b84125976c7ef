"""A notice as a letter on paper."""

from contracts.directory import Directory
from contracts.form import Address
from contracts.notices import NoticeContent, NoticeKind
from rules.applications import institution, wording_of_status
from rules.calendar import day_text
from rules.letters import letters, signatory
from rules.notices import notice_kind, paragraphs, table
from rules.reasons import lists
from services.kit.paper.sheet import Rows, Section, Sheet, Text


def letter(
    directory: Directory, *, kind: NoticeKind, sender: str, receiver: str | None, content: NoticeContent
) -> Sheet:
    """The letter, in Polish."""
    own, words = directory[sender], letters().words
    marks = (
        (words.case_mark, content.case_mark),
        (table().words.addressee_mark["pl"], content.addressee_mark),
        (words.number, content.number),
    )
    told = Text(paragraphs(kind, _known(directory, kind, content)))
    basis = Rows(((words.basis, (notice_kind(kind).basis["pl"],)),))
    return Sheet(
        name="Zawiadomienie",
        number=content.number,
        place=own.town,
        day=content.on,
        sender=(own.name, own.town),
        marks=tuple((name, value) for name, value in marks if value),
        addressee=_addressee(directory, receiver, content),
        title=notice_kind(kind).wording["pl"],
        sections=(Section(None, (told,)),),
        closing=Section(None, (basis,)),
        notes=(words.confidential,),
        signatures=((signatory(own.kind, "head"), words.signature),),
    )


def _addressee(directory: Directory, receiver: str | None, content: NoticeContent) -> tuple[str, ...]:
    found = institution(directory, receiver) if receiver is not None else None
    if found is not None:
        return found.name, found.town
    return content.addressee or table().words.addressee["pl"], *_lines(content.address)


def _lines(address: Address | None) -> tuple[str, ...]:
    if address is None:
        return ()
    town = f"{address.postal_code or ''} {address.town}".strip()
    return tuple(line for line in (address.street, town) if line)


def _known(directory: Directory, kind: NoticeKind, content: NoticeContent) -> dict[str, str]:
    centre = directory.find(content.centre) if content.centre is not None else None
    parts = {
        "person": " ".join(filter(None, (content.given_name, content.family_name))),
        "birth": day_text(content.birth_date)["pl"] if content.birth_date else "",
        "pesel": content.pesel or "",
        "home": ", ".join(_lines(content.home)),
        "centre": centre.name if centre is not None else "",
        "day": day_text(content.on)["pl"],
        "outcome": wording_of_status(content.outcome)["pl"] if content.outcome else "",
        "reason": _reason(content.reason),
    }
    return {name: text for name, text in parts.items() if text}


def _reason(code: str | None) -> str:
    """The wording of a reason for which an application was refused or closed."""
    offered = (*lists()["application_refuse"], *lists()["application_withdraw"])
    return next((reason.wording["pl"] for reason in offered if reason.code == code), "")
