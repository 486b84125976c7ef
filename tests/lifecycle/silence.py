"""What becomes of a referral when people fall silent: every state it can be in, with the clocks that run there.

A clock runs, stands still, or is spent when all whom it would tell have been told. Time is not counted on the way: at
any moment any clock that runs may have been spent already, which covers every course of time.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from rules.limits import limit
from tests.lifecycle.clocks import NAMED, Clock, clocks
from tests.lifecycle.courses import Course, Move, Place, ball, begins, is_open, moves
from workflows.agenda import TAKEN_ON, UNDONE

LEASE, PURGE = "lease", "purge"
"""Two clocks more: a claim lapses (`services/referral/leases.py`), a draft is deleted (`rules/retention.toml`)."""

DECISIONS = ("accepted", "declined", "waitlisted", "returned")

Pending = frozenset[tuple[str, bool]]


@dataclass(frozen=True)
class Standstill:
    """A place and its clocks, each with whether it is spent. `still`: those that stand still; `kept`: those that were
    ended and may be resumed; `told`: the issuing institution has been told in this state that nothing happens; the OPS,
    which waits for itself, in this or an earlier one."""

    place: Place
    pending: Pending = frozenset()
    still: frozenset[str] = frozenset()
    kept: Pending = frozenset()
    told: bool = False


@dataclass(frozen=True)
class Bound:
    """How long silence lasts at most until the issuing institution is told or an end is reached."""

    steps: int
    working_days: int


@dataclass(frozen=True)
class Effect:
    """The rules that an event starts, ends, resumes, stops and lets go on."""

    started: frozenset[str]
    ended: frozenset[str]
    resumed: frozenset[str]
    stopped: frozenset[str]
    going_on: frozenset[str]


class World:
    """One course and the clocks it is under; `system`: those that are no deadlines."""

    def __init__(self, course: Course, clocks: Mapping[str, Clock], system: frozenset[str]) -> None:
        self.course = course
        self.clocks = clocks
        self.system = system
        self._effects: dict[str | None, Effect] = {}

    def explore(self) -> Iterator[tuple[Standstill, list[tuple[Move, Standstill]]]]:
        """Everything that can be reached, and what each can become by what somebody does."""
        waiting = deque([Standstill(begins(self.course))])
        found = set(waiting)
        while waiting:
            here = waiting.popleft()
            after = [(move, self._after(here, move)) for move in moves(self.course, here.place)]
            yield here, after
            for there in (*(there for _, there in after), *self._later(here)):
                if there not in found:
                    found.add(there)
                    waiting.append(there)

    def waits(self, here: Standstill) -> bool:
        """Whether somebody waits for something in this place."""
        return is_open(self.course, here.place.status) or here.place.reopen_asked

    def silence(self, here: Standstill) -> Bound | None:
        """When the issuing institution is told if nobody does anything any more; None: never."""
        if here.told or not self.waits(here):
            return Bound(0, 0)
        running = [self.clocks[rule] for rule, spent in here.pending if not spent]
        waits = [Bound(1, clock.issuer_after) for clock in running if clock.issuer_after is not None]
        if here.place.status in ("draft", "opinion_pending") and PURGE in self.system:
            waits.append(Bound(1, 0))
        if here.place.status == "in_review" and LEASE in self.system:
            waits += self._lapsed(here)
        return min(waits, key=lambda bound: bound.working_days, default=None)

    def _lapsed(self, here: Standstill) -> Iterator[Bound]:
        for move in moves(self.course, here.place):
            if (move.side, move.event) == ("system", "released"):
                after = self.silence(self._after(here, move))
                if after is not None:
                    yield Bound(after.steps + 1, after.working_days + limit("claim_lease_working_days", NAMED))

    def _after(self, here: Standstill, move: Move) -> Standstill:
        effect = self._effect(move.event)
        over = not is_open(self.course, move.to.status) and move.to.status != here.place.status
        left = frozenset(each for each in here.pending if not over and each[0] not in effect.ended)
        still = frozenset(rule for rule in here.still if not over and rule not in effect.ended)
        gone = (here.pending - left) | _running(here.still - still)
        decided = over or move.event in DECISIONS  # what anything else had ended before is not resumed by an undone one
        ended = frozenset(each for each in gone if decided and self.clocks[each[0]].resumes)
        kept = frozenset(each for each in here.kept if each[0] not in {rule for rule, _ in ended}) | ended
        again = frozenset(each for each in kept if each[0] in effect.resumed)
        # What is overdue no longer stands still (`workflows/watch.py`); of the others nobody is told for the time.
        stopped = frozenset(rule for rule, spent in left if not spent and rule in effect.stopped)
        goes_on = self.course == "at the OPS" and move.to.status != "returned"
        stays = replace(move.to, consent_ended=here.place.consent_ended) == here.place
        known = self._tells(left) if goes_on else here.told and stays
        running = (left - _running(stopped)) | again | _running(still & effect.going_on)
        return Standstill(
            place=move.to,
            pending=running | _running(self._needed(effect.started, running)),
            still=(still - effect.going_on) | stopped,
            kept=frozenset(each for each in kept - again if each[0] not in effect.started),
            told=known,
        )

    def _needed(self, started: frozenset[str], running: Pending) -> frozenset[str]:
        """Without what is a last resort, where its owner has another clock that is not spent."""
        busy = {self.clocks[rule].owner for rule, spent in running if not spent}
        return frozenset(
            rule for rule in started if not self.clocks[rule].last_resort or self.clocks[rule].owner not in busy
        )

    def _effect(self, event: str | None) -> Effect:
        if event not in self._effects:
            all_of = self.clocks.values()
            undone = TAKEN_ON if event == UNDONE else ()  # what they began is gone (`workflows/agenda.py`)
            self._effects[event] = Effect(
                started=frozenset(clock.id for clock in all_of if event in clock.starts),
                ended=frozenset(c.id for c in all_of if event in c.ends or not c.starts.isdisjoint(undone)),
                resumed=frozenset(clock.id for clock in all_of if event in clock.resumes),
                stopped=frozenset(clock.id for clock in all_of if event in clock.stops),
                going_on=frozenset(clock.id for clock in all_of if event in clock.goes_on),
            )
        return self._effects[event]

    def _tells(self, pending: Pending) -> bool:
        """Whether the issuing institution was told of one of these, which is still overdue."""
        return any(spent and self.clocks[rule].issuer_after is not None for rule, spent in pending)

    def _later(self, here: Standstill) -> Iterator[Standstill]:
        """One clock more is spent; whom it tells has been told in this state."""
        for rule, spent in here.pending:
            if not spent:
                pending = here.pending - {(rule, False)} | {(rule, True)}
                told = here.told or self.clocks[rule].issuer_after is not None
                yield replace(here, pending=pending, told=told)


def _running(rules: Collection[str]) -> Pending:
    return frozenset((rule, False) for rule in rules)


def world(course: Course, without: str | None = None) -> World:
    """The course under all its clocks, or all but one."""
    kept = {rule: clock for rule, clock in clocks(course).items() if rule != without}
    return World(course, kept, frozenset({LEASE, PURGE} - {without}))


def faults(under: World) -> Iterator[str]:
    """What is wrong with the clocks, in words; nothing when nobody can be forgotten. As they are found, some twice."""
    for here, after in under.explore():
        if under.waits(here):
            yield from _faults(under, here, after)


def _faults(under: World, here: Standstill, after: Collection[tuple[Move, Standstill]]) -> Iterator[str]:
    where = " < ".join((here.place.status, *reversed(here.place.trail)))
    if under.silence(here) is None:
        yield f"{where}: nobody is ever told"
    if here.place.status in ("draft", "opinion_pending", "nowhere"):
        return
    owners = {under.clocks[rule].owner for rule, _ in here.pending}
    side = "receiver" if here.place.reopen_asked else ball(under.course, here.place.status)
    if not owners if side == "system" else side not in owners:
        yield f"{where}: the {side} has no deadline"
    if here.place.consent_ended and "sender" not in owners:
        yield f"{where}: nobody at the sender is asked what comes after the consent"
    for move, there in after:
        if move.event == "no_response" and "sender" not in owners:
            yield f"{where}: nothing asks the sender whether to close it as unanswered"
        if move.to == here.place and move.side not in (side, "system"):
            own = {each for each in here.pending if under.clocks[each[0]].owner == side}
            if not own <= there.pending:
                yield f"{where}: {move.event} of the {move.side} stops the clock of the {side}"


def bound(under: World) -> Bound:
    """The longest silence of all, wherever one has an end."""
    bounds = [found for here, _ in under.explore() if under.waits(here) and (found := under.silence(here))]
    return Bound(max(found.steps for found in bounds), max(found.working_days for found in bounds))
