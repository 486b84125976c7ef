"""The rules of deadlines as the public interface tells them, in both languages."""

from datetime import date
from typing import Literal

from contracts.base import Code, Message, Slug
from contracts.codes import Language, Side, Urgency
from contracts.paths import RuleKind

Text = dict[Language, str]


class RuleItem(Message):
    """One rule as it is in force: what is due, how long that takes, on which basis. `role`: who acts there, if told.

    `starts`: the events it is counted from. `bound`: whom it binds when that is somebody else. `meaning`: something
    must be done by then, ends then, or is possible from then. `watched`: whether deadlines by it are computed yet.
    """

    id: Code
    version: str
    subject: Code
    wording: Text
    kind: RuleKind
    basis: Text
    lengths: dict[Urgency, Text]
    owner: Side
    role: str | None
    roll_forward: bool
    valid_from: date
    valid_to: date | None
    starts: tuple[Text, ...] = ()
    bound: Text | None = None
    meaning: Literal["duty", "end", "earliest"] = "duty"
    watched: bool = True


class EarlierItem(RuleItem):
    """A version that is no longer in force but that `running` deadlines of the institution's cases still follow."""

    running: int


class LocalLengthItem(Message):
    """Another length of a rule, of one institution or (without one) of all."""

    rule: Code
    institution: Slug | None
    lengths: dict[Urgency, Text]
    basis: Text
    valid_from: date
    valid_to: date | None


class FreeDay(Message):
    """A day that is no working day for another reason than its place in the week; `own`: of the institution alone."""

    day: date
    wording: Text
    own: bool = False


class Rulebook(Message):
    """The rules in force on `day`, and the days off in the year from it on. `rules`: the version of it all. `earlier`:
    versions before them, as of now, which running cases keep."""

    rules: str
    day: date
    items: tuple[RuleItem, ...]
    local_lengths: tuple[LocalLengthItem, ...]
    days_off: tuple[FreeDay, ...]
    earlier: tuple[EarlierItem, ...] = ()
