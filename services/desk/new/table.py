"""Every field of the form by name, and the rows that may come several times."""

from services.desk.new.field import Field, Group, _
from services.desk.new.law_fields import LAW_FIELDS
from services.desk.new.more_fields import MORE_FIELDS
from services.desk.new.person_fields import PERSON_FIELDS
from services.desk.wordings import GROUNDS, RELATIONS

FIELDS = {each.name: each for each in (*PERSON_FIELDS, *LAW_FIELDS, *MORE_FIELDS)}

ROWS = {
    "household": (
        Field("relation", _("Kim jest dla osoby"), "select", RELATIONS),
        Field("given_name", _("Imię")),
        Field("family_name", _("Nazwisko")),
        Field("birth_date", _("Data urodzenia"), "day", hint=_("Na przykład 21.03.1983.")),
    ),
    "ground_documents": (
        Field("ground", _("Której podstawy dotyczy"), "select", GROUNDS),
        Field("type", _("Rodzaj dokumentu")),
        Field("number", _("Numer"), width=20),
        Field("issued_on", _("Data wydania"), "day"),
        Field("valid_to", _("Ważny do"), "day", hint=_("Na przykład 3.12.2028.")),
    ),
}
"""Parts of the form that are lists: each row is asked for again until it stays empty."""

LISTS = {"household": _("Osoba z gospodarstwa domowego"), "ground_documents": _("Dokument")}
"""What a row of each is called."""

GROUPS = (
    Group("person", _("Osoba i kontakt"), tuple(each.name for each in PERSON_FIELDS)),
    Group(
        "transfer",
        _("Przekazanie"),
        ("kind", "reason", "route", "case_mark", "preferred_workshop", "edition", "urgency", "unit", "paid_place"),
    ),
    Group("grounds", _("Podstawy i dokumenty"), ("grounds", "other_ground", "general_clause", "ground_documents")),
    Group("labour", _("Rynek pracy"), tuple(name for name in FIELDS if name.startswith("labour."))),
    Group("opinion", _("Opinia"), tuple(name for name in FIELDS if name.startswith("opinion."))),
    Group(
        "consent", _("Zgoda i klauzula"), (*(name for name in FIELDS if name.startswith("consent.")), "clause_version")
    ),
    Group("health", _("Zdrowie"), tuple(name for name in FIELDS if name.startswith("health."))),
    Group("background", _("Wykształcenie i praca"), tuple(name for name in FIELDS if name.startswith("background."))),
    Group("situation", _("Sytuacja życiowa"), tuple(name for name in FIELDS if name.startswith("situation."))),
    Group("household", _("Gospodarstwo domowe"), ("household",)),
    Group(
        "needs", _("Oczekiwania i dostępność"), ("expectations", "availability", "accessibility", "accessibility_needs")
    ),
)
"""The whole form, in the order in which it is read."""
