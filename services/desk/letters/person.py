"""Who a letter is about."""

from itertools import chain

from contracts.directory import Directory
from contracts.dossier import Dossier
from contracts.form import Address, IdentityDocument, Representative
from services.desk.letters.facts import Facts, country, name_of
from services.desk.wordings import ADDRESS_BASIS, CONTACTS, DOCUMENTS, LANGUAGES, REPRESENTATIVES, SEX

NAME = "Imię i nazwisko"


def full_name(known: Dossier) -> str | None:
    return " ".join(filter(None, (known.given_name, known.family_name))) or None


def identity(known: Dossier) -> Facts:
    """What tells the person from others, PESEL or another document among it: for official letters only."""
    facts = Facts()
    facts.text(NAME, full_name(known))
    facts.typed("client.previous_family_name", known.previous_family_name)
    facts.typed("client.pesel", known.pesel)
    if known.document is not None:
        facts.text("Dokument tożsamości", _document(known.document))
    facts.day(name_of("client.birth_date"), known.birth_date)
    return facts


def named(known: Dossier) -> Facts:
    """The person without the number that the state knows them by."""
    return identity(known.model_copy(update={"pesel": None, "document": None}))


def add_contact(facts: Facts, known: Dossier, directory: Directory) -> None:
    """Where and how the person is reached."""
    facts.coded("client.sex", SEX, known.sex)
    facts.text(name_of("client.citizenship"), country(known.citizenship) if known.citizenship else None)
    if known.address is not None:
        facts.text(_kind_of_address(known.address), *_address(known.address, directory))
    facts.typed("client.phone", known.phone)
    facts.typed("client.email", known.email)
    facts.coded("client.preferred_contact", CONTACTS, known.preferred_contact)
    facts.coded("client.language", LANGUAGES, known.language)
    if known.representative is not None:
        facts.text("Przedstawiciel", _representative(known.representative))


def _document(document: IdentityDocument) -> str:
    return f"{DOCUMENTS[document.type]} {document.number} ({country(document.country)})"


def _kind_of_address(address: Address) -> str:
    return ADDRESS_BASIS[address.basis].capitalize()


def _address(address: Address, directory: Directory) -> tuple[str | None, ...]:
    town = " ".join(filter(None, (address.postal_code, address.town)))
    return address.street, town, f"gmina: {_gmina(address.gmina, directory)}" if address.gmina else None


def _gmina(teryt: str, directory: Directory) -> str:
    """Its name, as far as the directory has it, and its number in the register."""
    served = chain.from_iterable(
        (*(agency.gminas for agency in directory.agencies), *(party.gminas for party in directory.parties))
    )
    name = next((gmina.name for gmina in served if gmina.teryt == teryt), None)
    return f"{name} (TERYT {teryt})" if name else f"TERYT {teryt}"


def _representative(person: Representative) -> str:
    name = f"{person.given_name} {person.family_name} ({REPRESENTATIVES[person.role]})"
    return f"{name}, tel. {person.phone}" if person.phone else name
