"""To whom a form may be sent as it stands: every institution the sender may write to, and what speaks against it."""

from typing import Literal

from contracts.api import ProblemField
from contracts.base import Message, Slug
from contracts.codes import AgencyKind, ReferralKind
from contracts.directory import Unit, Workshop

Territory = Literal["served", "agreement", "paid_place", "not_limited"]
"""Why the person's gmina is no obstacle (art. 12 ust. 5): served by law, by an agreement of gminas, because that gmina
pays for the place, or because the directory names no gminas."""


class Receiver(Message):
    """An institution as a receiver of this form.

    `judged_as`: the kind of referral it was judged as, which is the form's where it may be sent there, else the usual
    one. `against`: why it may not be sent there; `missing`: what the form does not tell yet, without which nobody can
    say. Places are those that the directory tells, per workshop and edition.
    """

    slug: Slug
    kind: AgencyKind
    name: str
    town: str
    county: str
    units: tuple[Unit, ...]
    workshops: tuple[Workshop, ...]
    sends: tuple[ReferralKind, ...]
    judged_as: ReferralKind
    eligible: bool
    territory: Territory | None = None
    """None: the gmina is not served, or nobody knows yet which one it is."""
    against: tuple[ProblemField, ...] = ()
    missing: tuple[ProblemField, ...] = ()
    link: str | None = None
    """The open referral that stands in the way."""


class Receivers(Message):
    """Those to whom it may be sent first, each part in the order of the Polish alphabet."""

    items: tuple[Receiver, ...]
