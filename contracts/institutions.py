"""Which institutions there are and what may be sent to them, as the public interface tells it: public facts only."""

from contracts.base import Message, Slug
from contracts.codes import AgencyKind, ReferralKind
from contracts.directory import Agreement, Gmina, Unit, Workshop


class Institution(Message):
    """An institution as another one sees it.

    `gminas`: whom it serves by law, empty when not limited or not known; `agreements`: others by agreement of gminas.
    `sends`: the kinds of referral that the caller's institution may send to it, the usual one first; none to itself.
    """

    slug: Slug
    kind: AgencyKind
    name: str
    town: str
    county: str
    gminas: tuple[Gmina, ...]
    agreements: tuple[Agreement, ...]
    units: tuple[Unit, ...]
    workshops: tuple[Workshop, ...]
    sends: tuple[ReferralKind, ...]


class InstitutionPage(Message):
    items: tuple[Institution, ...]
    next: str | None = None
