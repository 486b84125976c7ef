"""What is asked of a person whom the institution does not know yet."""

from services.desk.new.field import Field, _
from services.desk.wordings import ADDRESS_BASIS, CONTACTS, DOCUMENTS, LANGUAGES, REPRESENTATIVES, SEX

PERSON_FIELDS = (
    Field(
        "client.pesel",
        _("PESEL"),
        hint=_("11 cyfr. Data urodzenia i płeć wypełnią się same. Gdy osoba nie ma numeru, zostaw puste."),
        width=10,
    ),
    Field("client.given_name", _("Imię"), half=True),
    Field("client.family_name", _("Nazwisko"), half=True),
    Field("client.birth_date", _("Data urodzenia"), "day", hint=_("Na przykład 21.03.1983."), half=True),
    Field("client.sex", _("Płeć"), "radios", SEX),
    Field("client.phone", _("Telefon"), width=20, half=True),
    Field("client.address.town", _("Miejscowość"), half=True),
    Field("client.address.street", _("Ulica i numer"), half=True),
    Field("client.address.postal_code", _("Kod pocztowy"), width=5, hint=_("W postaci 00-000."), half=True),
    Field(
        "client.address.gmina",
        _("Gmina"),
        "select",
        hint=_("Gmina zamieszkania lub pobytu; od niej zależy, który CIS może przyjąć (art. 12 ust. 5)."),
    ),
    Field("client.address.basis", _("To adres"), "radios", ADDRESS_BASIS),
    Field("client.previous_family_name", _("Poprzednie nazwisko"), half=True),
    Field("client.email", _("Adres poczty elektronicznej"), half=True),
    Field("client.preferred_contact", _("Jak się kontaktować"), "select", CONTACTS, half=True),
    Field("client.language", _("Język rozmowy"), "select", LANGUAGES, half=True),
    Field("client.citizenship", _("Obywatelstwo"), width=3, hint=_("Dwie litery kraju, na przykład PL albo UA.")),
    Field("client.document.type", _("Dokument osoby bez numeru PESEL"), "select", DOCUMENTS, half=True),
    Field("client.document.number", _("Numer dokumentu"), width=20, half=True),
    Field("client.document.country", _("Kraj wydania dokumentu"), width=3, hint=_("Dwie litery, na przykład UA.")),
    Field("client.representative.given_name", _("Imię przedstawiciela"), half=True),
    Field("client.representative.family_name", _("Nazwisko przedstawiciela"), half=True),
    Field("client.representative.role", _("Kim jest przedstawiciel"), "radios", REPRESENTATIVES),
    Field("client.representative.phone", _("Telefon przedstawiciela"), width=20),
)
