"""Which fields the form puts first: those that this kind of referral cannot go without, and what they lead to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contracts.codes import AgencyKind, ReferralKind
from services.desk.new.field import Group
from services.desk.new.table import GROUPS
from services.desk.new.values import Values

_PERSON = (
    "client.pesel",
    "client.given_name",
    "client.family_name",
    "client.birth_date",
    "client.sex",
    "client.phone",
    "client.address.town",
)
_FIRST: Mapping[ReferralKind, tuple[str, ...]] = {
    "statutory_cis": ("grounds", "general_clause", "labour.benefits", "route"),
    "kis": ("labour.benefits",),
    "service": (),
    "application": ("consent.given_on", "consent.version", "grounds"),
}
_BORN = ("client.birth_date", "client.sex")
_OPINION = ("opinion.result", "opinion.interview_on", "opinion.issued_on")
_CONSENT = ("consent.given_on", "consent.version")


@dataclass(frozen=True)
class About:
    """What the order of the fields depends on. `kind`: as far as the receiver tells it, else the sender's usual one."""

    sender: AgencyKind
    receiver: AgencyKind | None
    kind: ReferralKind
    known: bool
    born: bool
    """The PESEL tells birth date and sex."""
    gmina_known: bool
    applies: bool
    """The sender may also send an application to an OPS, so that the kind is asked for."""


@dataclass(frozen=True)
class Shape:
    """`main`: the fields shown; `more`: all others in groups, folded."""

    person: tuple[str, ...]
    main: tuple[str, ...]
    more: tuple[Group, ...]

    @property
    def signature(self) -> str:
        """What two forms with the same fields in front have in common."""
        return " ".join((*self.person, *self.main))


def shape(about: About, values: Values) -> Shape:
    """The form for these values."""
    person = () if about.known else tuple(_person(about))
    main = tuple(_main(about, values))
    unasked = {*person, *main}
    unasked |= set(GROUPS[0].fields if about.known else _BORN)
    unasked |= set() if about.applies else {"kind"}
    unasked |= {"route"} if _direct(about) else set()
    return Shape(person, main, tuple(_rest(unasked)))


def _person(about: About) -> Iterator[str]:
    yield from (name for name in _PERSON if not about.born or name not in _BORN)
    if about.kind == "statutory_cis" and not about.gmina_known:
        yield "client.address.gmina"


def _main(about: About, values: Values) -> list[str]:
    names = ["receiver"]
    if about.applies:
        names.insert(0, "kind")
    direct = _direct(about)
    for name in _FIRST[about.kind]:
        if name == "grounds" and direct:
            continue  # filled in: the one group that a PUP refers (art. 12 ust. 1)
        if name == "route" and direct:
            names.append("labour.registered_months")
            continue
        names.append(name)
        if name == "grounds" and "OTHER" in values.all("grounds"):
            names.append("other_ground")
    if about.kind == "statutory_cis" and not direct:
        names += _OPINION
        result = values.one("opinion.result")
        names += ["opinion.conditions"] if result == "with_conditions" else []
        names += ["opinion.reasons"] if result in ("with_conditions", "negative") else []
    if (values.one("route") == "B" and about.kind == "statutory_cis") or about.receiver == "owes":
        names += _CONSENT
    names.append("reason")
    if about.receiver == "cis":
        names.append("preferred_workshop")
    if about.sender in ("ops", "pup"):
        names.append("case_mark")
    return names


def _direct(about: About) -> bool:
    """A PUP refers to a centre by one route only."""
    return about.sender == "pup" and about.kind == "statutory_cis"


def _rest(shown: set[str]) -> list[Group]:
    left = (Group(group.code, group.title, tuple(n for n in group.fields if n not in shown)) for group in GROUPS)
    return [group for group in left if group.fields]
