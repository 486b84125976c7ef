"""One version of one rule of deadlines, and what is refused in it."""

from collections.abc import Iterator
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from contracts.base import Code, RoleCode
from contracts.codes import AgencyKind, ReferralKind, Side, Urgency
from contracts.paths import RuleKind
from rules.data import Dated, Refusal, Wording
from rules.events import Subject, events, refuse_unknown
from rules.kinds import kinds
from rules.ladders import Step
from rules.lengths import Length, LengthField, Part
from rules.roles import roles

Applies = Literal["new_cases", "running_cases"]
Override = Literal["none", "shorter", "any"]


def for_both(value: Any) -> Any:
    """One length for normal and urgent cases may be written once."""
    return {"normal": value, "urgent": value} if isinstance(value, str) else value


Lengths = Annotated[dict[Urgency, LengthField], BeforeValidator(for_both)]


class DeadlineRule(Dated):
    """One version of one rule. `described`: its numbers in the description of the domain (D11).

    `evidence`: how it was established: read in the act as in force, in an amending or older text, told by offices,
    recalled and not checked, or chosen by us. `meaning`: whether something must be done by then, a state ends then, or
    something is possible from then. `last_resort`: it begins only where its owner has nothing else ahead in the case.
    `owner`, `role`: the side that must act, and who there; `bound`: whom the term binds when that is nobody there.
    """

    id: Code
    version: Annotated[str, Field(min_length=1)]
    described: tuple[str, ...] = ()
    wording: Wording
    kind: RuleKind
    evidence: Literal["read", "older_text", "practice", "recalled", "chosen"]
    basis: Wording
    kinds: Annotated[tuple[ReferralKind, ...], Field(min_length=1)]
    starts: Annotated[tuple[Code, ...], Field(min_length=1)]
    ends: Annotated[tuple[Code, ...], Field(min_length=1)]
    resumes: tuple[Code, ...] = ()
    stops: tuple[Code, ...] = ()
    goes_on: tuple[Code, ...] = ()
    length: Lengths
    last_resort: bool = False
    roll_forward: bool = False
    period: bool = False
    cut_off: time | None = None
    calendar: Literal["country", "institution"] | None = None
    meaning: Literal["duty", "end", "earliest"] = "duty"
    owner: Literal["sender", "receiver"]
    role: RoleCode | None = None
    bound: Wording | None = None
    applies: Applies | None = None
    override: Override | None = None
    ladder: Annotated[tuple[Step, ...], Field(min_length=1)]

    @property
    def runs_on(self) -> bool:
        """Whether this version also governs cases that began before it: by default all but law does."""
        return (self.applies or ("new_cases" if self.kind == "law" else "running_cases")) == "running_cases"

    @property
    def overriding(self) -> Override:
        """Which lengths of its own a local file may give: none for law, unless the rule says otherwise."""
        return self.override or ("none" if self.kind == "law" else "any")

    @property
    def closing_days_count(self) -> bool:
        """Whether the closing days of the owner are days off for it: never for law."""
        return (self.calendar or ("country" if self.kind == "law" else "institution")) == "institution"

    @property
    def subject(self) -> Subject:
        return events()[self.starts[0]].subject


def refuse(rule: DeadlineRule) -> None:
    """Raises Refused when the rule does not hold together."""
    for field, refusal in _faults(rule):
        raise Refused(field, refusal)


class Refused(Exception):
    """The refusal of a row because of one of its fields."""

    def __init__(self, field: str, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.field = field
        self.refusal = refusal


def _faults(rule: DeadlineRule) -> Iterator[tuple[str, Refusal]]:
    yield from _unknown_events(rule)
    yield from _bad_lengths(rule)
    if bool(rule.stops) != bool(rule.goes_on):
        yield (
            "stops",
            _fault(
                "Zegar, który staje, musi też ruszać (i odwrotnie).",
                "A clock that stops must go on, and the other way round.",
                "Podaj stops i goes_on razem albo żadne.",
                "Give stops and goes_on together, or neither.",
            ),
        )
    for stop in rule.stops:
        if events()[stop].pause is None:
            yield (
                "stops",
                _fault(
                    f"Nie wiadomo, jak nazwać przerwę od zdarzenia {stop}.",
                    f"There is no name for a pause that begins with {stop}.",
                    "Dodaj temu zdarzeniu pause w rules/events.toml.",
                    "Give the event a pause in rules/events.toml.",
                ),
            )
    if rule.kind == "law" and rule.closing_days_count:
        yield (
            "calendar",
            _fault(
                "Dni zamknięcia instytucji nie przesuwają terminów ustawowych.",
                "Closing days of an institution do not move terms of law.",
                'Usuń calendar = "institution".',
                'Remove calendar = "institution".',
            ),
        )
    if rule.role is not None and not _may_stand(rule.role, rule.kinds, rule.owner):
        yield (
            "role",
            _fault(
                f"Po stronie {rule.owner} tych skierowań nie ma roli {rule.role}.",
                f"There is no role {rule.role} on the side {rule.owner} of these referrals.",
                "Zmień role, owner albo kinds; role są w rules/roles.toml.",
                "Change role, owner or kinds; roles are in rules/roles.toml.",
            ),
        )
    yield from _unreachable_rungs(rule)


def _unknown_events(rule: DeadlineRule) -> Iterator[tuple[str, Refusal]]:
    for field in ("starts", "ends", "resumes", "stops", "goes_on"):
        try:
            refuse_unknown(getattr(rule, field))
        except Refusal as refusal:
            yield field, refusal


def _bad_lengths(rule: DeadlineRule) -> Iterator[tuple[str, Refusal]]:
    if set(rule.length) != {"normal", "urgent"}:
        yield (
            "length",
            _fault(
                "Długości brakuje dla spraw zwykłych albo pilnych.",
                "The length must be given for normal and urgent.",
                'Napisz length = { normal = "7d", urgent = "2wd" } albo jedną długość dla obu.',
                'Write length = { normal = "7d", urgent = "2wd" }, or one length for both.',
            ),
        )
    for length in rule.length.values():
        refusal = bad_length(rule, length)
        if refusal:
            yield "length", refusal


def bad_length(rule: DeadlineRule, length: Length) -> Refusal | None:
    """Why this rule cannot have this length, or None."""
    if rule.period and (rule.roll_forward or length.anchor or not length.units <= {"d", "w", "m", "y"}):
        return _fault(
            f"Okres udziału liczy się w dniach, tygodniach, miesiącach lub latach i nie przesuwa się ({length.text}).",
            f"A period is counted in days, weeks, months or years and is never rolled ({length.text}).",
            "Usuń roll_forward i zmień długość albo usuń period.",
            "Remove roll_forward and change the length, or remove period.",
        )
    if rule.period and length.text == "0d":
        return _fault("Okres ma choć jeden dzień.", "A period has a day at least.", "Podaj 1d.", "Give 1d.")
    if rule.cut_off and (length.to_the_minute or length.anchor):
        return _fault(
            f"Godzina graniczna dotyczy terminów w dniach, nie {length.text}.",
            f"A cut-off hour is for terms in days, not for {length.text}.",
            "Usuń cut_off albo zmień długość.",
            "Remove cut_off or change the length.",
        )
    if length.anchor == "due_on" and not all(events()[event].names_day for event in rule.starts):
        return _fault(
            "Zdarzenie, które zaczyna termin, nie wskazuje dnia, więc due_on nic nie znaczy.",
            "The event that starts the term names no day, so due_on means nothing.",
            "Podaj długość albo dodaj temu zdarzeniu names_day w rules/events.toml.",
            "Give a length, or give the event names_day in rules/events.toml.",
        )
    return None


def _may_stand(role: str, of: tuple[ReferralKind, ...], side: Side) -> bool:
    found = roles().get(role)
    agencies: set[AgencyKind] = {agency for kind in of for agency in kinds().by_code[kind].agencies(side)}
    return found is not None and bool(agencies & set(found.agencies))


_NOMINAL = {"d": 1, "wd": 1, "w": 7, "m": 28, "y": 365}


def _nominal(parts: tuple[Part, ...]) -> int:
    return sum(_NOMINAL.get(part.unit, 0) * part.count for part in parts)


def _unreachable_rungs(rule: DeadlineRule) -> Iterator[tuple[str, Refusal]]:
    """A rung before the event would never be sent, whatever the urgency."""
    if any(length.anchor for length in rule.length.values()):
        return
    days = max(_nominal(length.parts) for length in rule.length.values())
    for step in rule.ladder:
        before = -step.at.n if step.at.measure == "working_days" else step.at.n if step.at.measure == "before" else 0
        if before > 0 and before >= days:
            yield (
                "ladder",
                _fault(
                    f"Szczebel {step.at.text} leży zawsze przed zdarzeniem, więc nikt go nie zobaczy.",
                    f"The rung {step.at.text} always lies before the event, so nobody would see it.",
                    "Skróć odstęp albo usuń szczebel.",
                    "Make the distance shorter, or remove the rung.",
                ),
            )


def _fault(what_pl: str, what_en: str, remedy_pl: str, remedy_en: str) -> Refusal:
    return Refusal({"pl": what_pl, "en": what_en}, {"pl": remedy_pl, "en": remedy_en})
