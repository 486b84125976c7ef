"""The referral as a letter to its receiver: skierowanie, przekazanie do usługi, or an institution's wniosek."""

from contracts.api import Referral
from contracts.codes import ReferralKind
from contracts.directory import Directory
from rules.calendar import local_day
from rules.letters import letters
from rules.sharing import cut, matrix
from services.desk.letters.facts import Facts
from services.desk.letters.parts import addressee_of, letter, numbered
from services.desk.letters.person import add_contact, identity, named
from services.desk.letters.situation import attached, consent, grounds, labour, needs, opinion_in_short
from services.kit.paper.sheet import Section, Sheet

_OFFICIAL = ("statutory_cis", "kis", "application")
"""What an act orders bears the PESEL; other hand-overs do without."""


def referral_letter(directory: Directory, referral: Referral) -> Sheet | None:
    """The letter of a referral that was sent, from what its sender sees; None for a draft.

    Paper tells the receiver no more than the system does: the dossier is cut as it was when the referral was sent.
    """
    sent, kind, client = referral.times.submitted, referral.kind, referral.client
    if sent is None or kind is None or client is None or referral.receiver is None:
        return None
    sender, receiver = directory[referral.sender], directory[referral.receiver]
    told = cut(client, sender=sender.kind, receiver=receiver.kind, kind=kind, consent=client.consent is not None)
    person = identity(told) if kind in _OFFICIAL else named(told)
    add_contact(person, told, directory)
    words = letters().words
    return letter(
        kind,
        name="Wniosek" if kind == "application" else "Skierowanie",
        number=referral.number,
        case_mark=client.case_mark,
        day=local_day(sent),
        sender=sender,
        addressee=addressee_of(receiver, referral.unit),
        sections=numbered(
            Section("Osoba", person.parts),
            grounds(told),
            labour(told),
            opinion_in_short(told.opinion, told.opinion_result),
            needs(told, receiver),
            consent(told),
            attached(told.attachments),
        ),
        closing=Section(None, _basis(kind, matrix().channels[receiver.kind, kind].basis["pl"]).parts),
        notes=(words.not_delivery, words.confidential),
        signatories=("head",),
        urgent=referral.urgency == "urgent",
    )


def _basis(kind: ReferralKind, sharing: str) -> Facts:
    facts, words = Facts(), letters().words
    facts.text(words.basis, letters().texts[kind].basis)
    facts.text(words.sharing, sharing)
    return facts
