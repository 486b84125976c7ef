"""The sharing matrix: which fields of a dossier an institution may pass on, and what is shown before a review."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import Field

from contracts.base import Code, Message
from contracts.codes import AgencyKind, ReferralKind
from contracts.dossier import Dossier
from contracts.form import Address
from rules.data import Raw, Wording, read, refuse_doubles, rows, wrong
from rules.kinds import may_send

FILE = "sharing.toml"

_FILES = "attachments"

Treatment = Literal["full", "none", "consent", "long_term_unemployed", "from_opinion", "from_grounds", "town"]

_ONLY_FOR: dict[Treatment, str] = {
    "long_term_unemployed": "grounds",
    "from_opinion": "opinion_result",
    "from_grounds": "person_at_risk",
    "town": "address",
}


class Channel(Message):
    """A kind of referral to a kind of receiver, and the basis on which data go that way.

    `contents`: when the contents of attached files follow; their names are a field like any other.
    """

    code: Code
    receiver: AgencyKind
    kind: ReferralKind
    basis: Wording
    contents: Literal["on_acceptance", "never"] = "on_acceptance"


class Row(Message):
    """What happens to some fields in each channel and in the preview, and why they travel at all."""

    fields: Annotated[tuple[str, ...], Field(min_length=1)]
    why: Wording
    preview: Treatment
    share: dict[str, Treatment]


@dataclass(frozen=True)
class Matrix:
    """The whole matrix, checked."""

    channels: Mapping[tuple[AgencyKind, ReferralKind], Channel]
    rows: tuple[Row, ...]


def build(raw: Raw) -> Matrix:
    """Raises RulesError when a field, channel or cell is missing or doubled, or a treatment does not fit its field."""
    channels = rows(FILE, raw, "channels", Channel)
    refuse_doubles(FILE, "channels", (channel.code for channel in channels))
    refuse_doubles(FILE, "channels", ((channel.receiver, channel.kind) for channel in channels))
    by_pair = {(channel.receiver, channel.kind): channel for channel in channels}
    for sender, receiver, kind in product(get_args(AgencyKind), get_args(AgencyKind), get_args(ReferralKind)):
        if may_send(sender, receiver, kind) and (receiver, kind) not in by_pair:
            raise wrong(FILE, "channels", None, f"no channel for {kind} to {receiver}")
    found = rows(FILE, raw, "rows", Row)
    codes = {channel.code for channel in channels}
    for number, row in enumerate(found, start=1):
        _check(number, row, codes)
    named = [name for row in found for name in row.fields]
    unnamed = set(Dossier.model_fields) - set(named)
    if unnamed or len(named) != len(set(named)):
        raise wrong(FILE, "rows", None, f"a field is in two rows, or in none: {', '.join(sorted(unnamed))}")
    names = next(row.share for row in found if _FILES in row.fields)
    for number, channel in enumerate(by_pair.values(), start=1):
        if channel.contents != "never" and names[channel.code] == "none":
            raise wrong(FILE, "channels", number, f"contents of files go to {channel.code}, but not their names")
    return Matrix(channels=by_pair, rows=found)


def _check(number: int, row: Row, codes: set[str]) -> None:
    unknown = set(row.fields) - set(Dossier.model_fields)
    if unknown:
        raise wrong(FILE, "rows", number, f"the dossier has no field {', '.join(sorted(unknown))}")
    if set(row.share) != codes:
        raise wrong(FILE, "rows", number, f"channels too many or missing: {', '.join(sorted(codes ^ set(row.share)))}")
    if row.preview == "consent":
        raise wrong(FILE, "rows", number, "a preview does not depend on consent")
    for treatment in {*row.share.values(), row.preview}:
        if treatment in _ONLY_FOR and row.fields != (_ONLY_FOR[treatment],):
            raise wrong(FILE, "rows", number, f"{treatment} is only for {_ONLY_FOR[treatment]}")


@cache
def matrix() -> Matrix:
    """The matrix that ships with this package."""
    return build(read(FILE))


PREVIEW: Final[frozenset[str]] = frozenset(
    name for row in matrix().rows if row.preview != "none" for name in row.fields
)
"""The fields of which a receiver sees something before anybody there takes the referral for review."""


def cut(dossier: Dossier, *, sender: AgencyKind, receiver: AgencyKind, kind: ReferralKind, consent: bool) -> Dossier:
    """The dossier as this receiver may have it. `consent`: the person agreed to this transfer.

    Raises ValueError when this sender may not send a referral of this kind to this receiver.
    """
    if not may_send(sender, receiver, kind):
        raise ValueError(f"{sender} does not send {kind} to {receiver}")
    channel = matrix().channels[receiver, kind].code
    return _treated(dossier, {name: row.share[channel] for row in matrix().rows for name in row.fields}, consent)


def contents_follow(*, receiver: AgencyKind, kind: ReferralKind, consent: bool) -> bool:
    """Whether the receiver gets the contents of the attached files, once it has accepted."""
    channel = matrix().channels[receiver, kind]
    names = next(row.share[channel.code] for row in matrix().rows if _FILES in row.fields)
    return channel.contents == "on_acceptance" and (names == "full" or (names == "consent" and consent))


def preview(dossier: Dossier) -> Dossier:
    """What a receiver sees of a dossier before anybody there takes the referral for review."""
    return _treated(dossier, {name: row.preview for row in matrix().rows for name in row.fields}, consent=False)


def _treated(dossier: Dossier, treatments: Mapping[str, Treatment], consent: bool) -> Dossier:
    kept = {name: _value(dossier, name, treatment, consent) for name, treatment in treatments.items()}
    return Dossier(**{name: value for name, value in kept.items() if value is not None})


def _value(dossier: Dossier, name: str, treatment: Treatment, consent: bool) -> Any:
    match treatment:
        case "full":
            return getattr(dossier, name)
        case "none":
            return None
        case "consent":
            return getattr(dossier, name) if consent else None
        case "long_term_unemployed":
            return tuple(ground for ground in dossier.grounds or () if ground == "LONG_TERM_UNEMPLOYED") or None
        case "from_opinion":
            return dossier.opinion.result if dossier.opinion else dossier.opinion_result
        case "from_grounds":
            return True if dossier.grounds else dossier.person_at_risk
        case "town":
            return Address(town=dossier.address.town) if dossier.address else None
