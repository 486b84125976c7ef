"""What stands around every page: the places of the desk for this person's post."""

from contracts.codes import Language
from rules.roles import administers, roles, sees_cases
from services.desk.language import texts
from services.desk.visitors import Visitor

RELEASE = "0.1.0"
"""The version of the project, which whoever reports a problem names."""


def places(who: Visitor) -> list[tuple[str, str]]:
    """Addresses and names of the pages in the navigation. An administrator sees no cases."""
    _ = texts(who.language).gettext
    shown: list[tuple[str, str]] = []
    if works_on_cases(who):
        shown += [
            ("/work", _("Moja praca")),
            ("/inbox", _("Skrzynka")),
            ("/sent", _("Wysłane")),
            ("/clients", _("Klienci")),
        ]
        if who.agency.kind == "ops":
            shown.append(("/applications", _("Wnioski")))
        shown += [("/places", _("Miejsca")), ("/notices", _("Zawiadomienia")), ("/imports", _("Import"))]
    shown.append(("/institutions", _("Instytucje")))
    if administers([who.role]):
        shown += [("/accounts", _("Konta")), ("/operator", _("Łączność"))]
    return shown


def works_on_cases(who: Visitor) -> bool:
    """Whether pages about cases are for this person's post."""
    return sees_cases([who.role])


def role_name(code: str, language: Language) -> str:
    """What the rules call this role."""
    role = roles().get(code)
    return code if role is None else role.wording[language]
