"""Opinia pracownika socjalnego as a letter (Act on social employment, art. 12 ust. 2)."""

from contracts.api import Referral
from contracts.applications import Application
from contracts.directory import Directory
from contracts.dossier import Dossier, Opinion
from rules.letters import letters
from services.desk.letters.facts import Facts, name_of
from services.desk.letters.parts import letter, numbered
from services.desk.letters.person import identity
from services.desk.wordings import OPINIONS
from services.kit.paper.sheet import Section, Sheet

_FINDINGS = (
    ("Ustalenia z wywiadu", "findings"),
    ("Bariery", "barriers"),
    ("Mocne strony", "resources"),
    ("Motywacja", "motivation"),
)
_SCOPE = (
    ("Reintegracja społeczna", "social_scope"),
    ("Reintegracja zawodowa", "vocational_scope"),
)


def opinion_on_application(directory: Directory, application: Application) -> Sheet | None:
    """The opinion given on an application; None before it is given."""
    if application.opinion is None:
        return None
    return _letter(
        directory,
        application.opinion,
        application.client,
        number=application.number,
        case_mark=application.case_mark,
        author=application.agency,
        place=application.interview.place,
    )


def opinion_of_referral(directory: Directory, referral: Referral) -> Sheet | None:
    """The opinion that an OPS sent with its referral; None without one, or when another institution refers.

    A PUP, say, only passes on what the OPS of residence found.
    """
    client = referral.client
    if client is None or client.opinion is None or referral.times.submitted is None:
        return None
    if directory[referral.sender].kind != "ops":
        return None
    return _letter(
        directory,
        client.opinion,
        client,
        number=referral.number,
        case_mark=client.case_mark,
        author=referral.sender,
        place=None,
    )


def _letter(
    directory: Directory,
    opinion: Opinion,
    known: Dossier,
    *,
    number: str,
    case_mark: str | None,
    author: str,
    place: str | None,
) -> Sheet:
    """A paper of the office's own file, to nobody: whether a receiver may have all of it depends on who that is."""
    office = directory[author]
    return letter(
        "opinion",
        name="Opinia",
        number=number,
        case_mark=case_mark,
        day=opinion.issued_on,
        sender=office,
        addressee=(),
        sections=numbered(
            Section("Osoba", identity(known).parts),
            Section("Wywiad i ustalenia", _found(opinion, place).parts),
            Section("Proponowany zakres", _proposed(opinion).parts),
            Section("Wynik", _result(opinion).parts),
        ),
        notes=(letters().words.confidential,),
        signatories=("caseworker", "head"),
    )


def _found(opinion: Opinion, place: str | None) -> Facts:
    facts = Facts()
    facts.day(name_of("opinion.interview_on"), opinion.interview_on)
    facts.text("Miejsce wywiadu", place)
    for name, field in _FINDINGS:
        facts.text(name, getattr(opinion, field))
    return facts


def _proposed(opinion: Opinion) -> Facts:
    facts = Facts()
    for name, field in _SCOPE:
        facts.text(name, getattr(opinion, field))
    facts.yes_or_no("Kontrakt socjalny", opinion.social_contract)
    return facts


def _result(opinion: Opinion) -> Facts:
    facts = Facts()
    facts.coded("opinion.result", OPINIONS, opinion.result)
    facts.typed("opinion.conditions", opinion.conditions)
    facts.typed("opinion.reasons", opinion.reasons)
    return facts
