"""Which institutions there are, what kind each is, whom it serves, and on which node each keeps its data.

The directory is data: public facts about institutions, no names of people.
"""

from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from contracts.base import Code, Message, RoleCode, Slug
from contracts.codes import AgencyKind
from contracts.directory_faults import faults
from contracts.form import Teryt

INCONSISTENT = "inconsistent"

Name = Annotated[str, Field(min_length=1, max_length=200)]


class Founder(Message):
    """Instytucja tworząca (Act on social employment, art. 3 ust. 2)."""

    kind: Literal["gmina", "county", "ngo", "church", "social_cooperative"]
    name: Name


class Gmina(Message):
    """A gmina that an institution serves."""

    teryt: Teryt
    name: Name


class Term(Message):
    """From the first day to the last, both included; without a last day when `valid_to` is None."""

    valid_from: date
    valid_to: date | None = None

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class CentreStatus(Term):
    """The voivode's decision that makes a CIS (art. 5): five years, then a new one."""

    decision: Name
    valid_to: date


class Agreement(Term):
    """Porozumienie międzygminne: residents of this gmina may be sent too (art. 12 ust. 5)."""

    gmina: Gmina
    places: int | None = Field(default=None, ge=1)


class Unit(Message):
    """A part of an institution with an inbox of its own. Without gminas it serves all that the institution serves."""

    code: Code
    name: Name
    gminas: tuple[Teryt, ...] = ()


class Adviser(Message):
    """A person by login, never by name: to which unit they belong, and what they may do there."""

    login: Annotated[str, Field(min_length=1, max_length=100)]
    unit: Code | None = None
    role: RoleCode


class Edition(Message):
    """A group that begins a workshop together."""

    code: Code
    starts_on: date
    ends_on: date | None = None
    places: int = Field(ge=1)


class Workshop(Message):
    """A trade that a CIS teaches."""

    code: Code
    name: Name
    places: int = Field(ge=1)
    editions: tuple[Edition, ...] = ()


class Contact(Message):
    """Where people turn about accessibility: the person or unit that sees to it (Act of 4 April 2019, art. 10 ust. 4).

    `building`: how its building can be reached and used, in Polish.
    """

    unit: Name
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=200)]
    phone: Annotated[str, Field(pattern=r"^[0-9 +]{7,20}$")]
    address: Name
    building: Annotated[str, Field(min_length=1, max_length=1000)]


class Agency(Message):
    """One institution: a tenant of one node."""

    slug: Slug
    kind: AgencyKind
    node: Slug
    name: str
    town: str
    county: str
    contact: Contact | None = None
    site: Annotated[str, Field(pattern=r"^https://[^\s/]+(/\S*)?$", max_length=200)] | None = None
    """Its own website or public bulletin (BIP)."""
    founder: Founder | None = None
    gminas: tuple[Gmina, ...] = ()
    """Whom it serves by law; empty: not limited, or not known."""
    status: CentreStatus | None = None
    agreements: tuple[Agreement, ...] = ()
    units: tuple[Unit, ...] = ()
    advisers: tuple[Adviser, ...] = ()
    workshops: tuple[Workshop, ...] = ()
    route_c_opinion: Literal["off", "asked", "required"] = "asked"
    """Whether this OPS gives an opinion on direct referrals by the PUP (art. 12 ust. 2 does not exempt them)."""

    def serves(self, gmina: str, on: date) -> bool:
        """Whether residents of this gmina (TERYT) may come on this day, by law or by agreement."""
        if not self.gminas:
            return True
        agreed = (agreement.gmina for agreement in self.agreements if agreement.in_force(on))
        return any(served.teryt == gmina for served in (*self.gminas, *agreed))

    def unit(self, code: str) -> Unit | None:
        return next((unit for unit in self.units if unit.code == code), None)

    def units_of(self, login: str) -> frozenset[str]:
        """The units that the person with this login belongs to."""
        return frozenset(each.unit for each in self.advisers if each.login == login and each.unit is not None)

    def workshop(self, code: str) -> Workshop | None:
        return next((workshop for workshop in self.workshops if workshop.code == code), None)

    def edition(self, code: str) -> Edition | None:
        """The edition of any of its workshops."""
        return next((each for workshop in self.workshops for each in workshop.editions if each.code == code), None)


PartyKind = Literal["practice_host", "employer", "mciz", "prison", "therapy_unit", "pcpr", "ngo", "gmina_office", "ops"]
"""mciz: a mobile centre for information about employment. An ops here has no account: it is told on paper."""


class Party(Message):
    """An institution without an account: known by name, reached on paper."""

    slug: Slug
    kind: PartyKind
    name: Name
    town: Name
    gminas: tuple[Gmina, ...] = ()


class Directory(Message):
    """All institutions that hand clients over to one another.

    Raises pydantic.ValidationError: of type `INCONSISTENT`, with the `faults`, when its parts do not fit one another.
    """

    agencies: tuple[Agency, ...]
    parties: tuple[Party, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> "Directory":
        found = tuple(faults(self))
        if found:
            raise PydanticCustomError(INCONSISTENT, "the directory contradicts itself", {"faults": found})
        return self

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes of institutions, in the order in which they first appear."""
        return tuple(dict.fromkeys(agency.node for agency in self.agencies))

    @cached_property
    def by_slug(self) -> dict[str, Agency]:
        return {agency.slug: agency for agency in self.agencies}

    def find(self, slug: str) -> Agency | None:
        return self.by_slug.get(slug)

    def __getitem__(self, slug: str) -> Agency:
        """The agency of that short name. Raises KeyError."""
        return self.by_slug[slug]
