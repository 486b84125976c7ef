"""What the directory has for the page of a referral: institutions that may take it, what an edition is called."""

from collections.abc import Mapping
from datetime import date

from contracts.api import Referral
from contracts.codes import Language
from contracts.directory import Agency, Directory
from rules.kinds import may_send
from services.desk.case.fields import Options
from services.desk.dates import short_day
from services.desk.language import texts
from services.kit.collation import in_order


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message


def choices(referral: Referral, directory: Directory, language: Language, today: date) -> Mapping[str, Options]:
    """By the name of the field: code and label."""
    return {"suggestion": _institutions(referral, directory, language, today)}


def edition_called(agency: Agency | None, code: str | None, language: Language) -> str | None:
    """The workshop and the first day of this edition; None when the institution has no such one."""
    if agency is None or code is None:
        return None
    found = ((workshop.name, each) for workshop in agency.workshops for each in workshop.editions if each.code == code)
    starts = texts(language).gettext(_("edycja od %(day)s"))
    return next((f"{name}, {starts % {'day': short_day(each.starts_on, language)}}" for name, each in found), None)


def _institutions(referral: Referral, directory: Directory, language: Language, today: date) -> Options:
    """Where the sender may send it besides, those that serve the person's gmina first."""
    sender, kind = directory.find(referral.sender), referral.kind
    if sender is None or kind is None:
        return []
    address = referral.client.address if referral.client else None
    gmina = address.gmina if address else None
    found = [
        each
        for each in directory.agencies
        if each.slug not in (referral.sender, referral.receiver) and may_send(sender.kind, each.kind, kind)
    ]
    outside = {each.slug for each in found if gmina is not None and not each.serves(gmina, today)}
    found.sort(key=lambda each: (each.slug in outside, in_order(each.name)))
    far = texts(language).gettext(_("%(name)s (nie obejmuje gminy osoby)"))
    return [(each.slug, far % {"name": each.name} if each.slug in outside else each.name) for each in found]
