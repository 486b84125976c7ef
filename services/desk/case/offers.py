"""What may be done with a referral, laid out: one step first, the rest in groups, each with its fields in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from contracts.api import AvailableAction
from contracts.codes import Language
from services.desk.case.fields import Field, Options, field_of
from services.desk.case.manners import GROUPS, MANNERS, Manner


@dataclass(frozen=True)
class Offer:
    """One action. `plain`: a button does it."""

    action: str
    label: str
    manner: Manner
    fields: tuple[Field, ...]

    @property
    def plain(self) -> bool:
        return not self.fields and self.manner.says is None and not self.manner.warning


@dataclass(frozen=True)
class Offers:
    """`first`: what is done next, when it needs words or a sentence; `buttons`: what needs nothing, the usual
    thing first; `folded`: by the heading of its group, a msgid."""

    first: Offer | None
    buttons: tuple[Offer, ...]
    folded: tuple[tuple[str, tuple[Offer, ...]], ...]


def offers(
    actions: Mapping[str, AvailableAction], choices: Mapping[str, Options], today: date, language: Language
) -> Offers:
    """These actions laid out. `choices`: the options of fields that are no list of the interface's own."""
    every = [
        offer for action in MANNERS if action in actions for offer in _offers(actions[action], choices, today, language)
    ]
    forward = [offer for offer in every if offer.manner.group == "forward"]
    first = forward[0] if forward and forward[0].manner.leads else None
    rest = [offer for offer in every if not offer.plain and offer is not first]
    parts = ((name, tuple(offer for offer in rest if offer.manner.group == group)) for group, name in GROUPS.items())
    return Offers(
        first=first,
        buttons=tuple(offer for offer in every if offer.plain),
        folded=tuple((name, part) for name, part in parts if part),
    )


def day_of(action: str) -> str | None:
    """The field that a button with a ready day fills in."""
    days = {"ask": "due_on", "suspend": "until", "prolong": "until"}
    return days.get(action, "review_on" if action in ("put_on_list", "waitlist", "extend_wait") else None)


def _offers(one: AvailableAction, choices: Mapping[str, Options], today: date, language: Language) -> Iterator[Offer]:
    """The action; an acceptance once as a button, and once more where there is an edition to choose."""
    every = (field_of(one.action, each, choices, today, language) for each in one.fields)
    fields = tuple(field for field in every if field is not None)
    manner = MANNERS[one.action]
    if one.action == "accept" and fields:
        yield Offer(one.action, one.label, manner, ())
    yield Offer(one.action, one.label, manner, fields)
