"""Which institutions there are, what kind each is, and on which node each keeps its data. The directory is data."""

from functools import cached_property

from pydantic import model_validator

from contracts.base import Message, Slug
from contracts.codes import AgencyKind


class Agency(Message):
    """One institution: a tenant of one node."""

    slug: Slug
    kind: AgencyKind
    node: Slug
    name: str
    town: str
    county: str


class Directory(Message):
    """All institutions that hand clients over to one another.

    Raises pydantic.ValidationError when two share a short name.
    """

    agencies: tuple[Agency, ...]

    @model_validator(mode="after")
    def _unique(self) -> "Directory":
        slugs = [agency.slug for agency in self.agencies]
        doubled = sorted({slug for slug in slugs if slugs.count(slug) > 1})
        if doubled:
            raise ValueError(f"two institutions share the short name {', '.join(doubled)}")
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
