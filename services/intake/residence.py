"""Where the person lives, as far as the form and the directory tell: their gmina, and the OPS of that gmina. Pure."""

from contracts.base import Code
from contracts.directory import Agency, Directory, Party
from contracts.form import Person

Office = Agency | Party
"""An OPS with an account, or one that is told on paper."""


def residence_ops(directory: Directory, sender: Agency, person: Person | None) -> Office | None:
    """The OPS of the person's residence or stay (Act on social employment, art. 12 ust. 1); None when nobody can tell.

    By the gmina of the address. Without it an OPS writes about people of its own, and others mean the OPS that sits in
    the town of the address, when their county has exactly one.
    """
    gmina = _told(person)
    if gmina is not None:
        return next((office for office in _offices(directory) if gmina in _served(office)), None)
    if sender.kind == "ops":
        return sender
    if person is None or person.address is None:
        return None
    town = person.address.town.strip().casefold()
    here = [office for office in _offices(directory) if office.town.casefold() == town and _near(office, sender)]
    return here[0] if len(here) == 1 else None


def gmina_of(directory: Directory, sender: Agency, person: Person | None) -> str | None:
    """TERYT of the gmina where the person lives: as told, else the only one that their OPS serves."""
    told = _told(person)
    office = residence_ops(directory, sender, person) if told is None else None
    served = _served(office) if office is not None else ()
    return served[0] if len(served) == 1 else told


def unit_for(receiver: Agency, named: Code | None, gmina: str | None) -> Code | None:
    """The unit of the receiver whose inbox a referral goes to: named, the only one, or the one that serves the gmina.

    None: the inbox of the whole institution. A unit that names no gminas serves those that no other unit names.
    """
    if named is not None or len(receiver.units) == 1:
        return named or receiver.units[0].code
    serving = [unit for unit in receiver.units if gmina in unit.gminas]
    serving = serving or [unit for unit in receiver.units if not unit.gminas]
    return serving[0].code if len(serving) == 1 else None


def _told(person: Person | None) -> str | None:
    return None if person is None or person.address is None else person.address.gmina


def _offices(directory: Directory) -> tuple[Office, ...]:
    """Every OPS, those with an account first."""
    everybody: tuple[Office, ...] = (*directory.agencies, *directory.parties)
    return tuple(office for office in everybody if office.kind == "ops")


def _served(office: Office) -> tuple[str, ...]:
    return tuple(gmina.teryt for gmina in office.gminas)


def _near(office: Office, sender: Agency) -> bool:
    """Whether the office is in the sender's county; of one without an account only its gminas are known."""
    if isinstance(office, Agency):
        return office.county == sender.county
    return any(gmina in _served(sender) for gmina in _served(office))
