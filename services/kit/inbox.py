"""The receiving half of an event: taken in once, in order per aggregate, in the same transaction as its effect.

Events that arrive together are taken in together, in one transaction per institution. When one of them fails, they are
taken in one by one, so that it fails alone.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.directory import Directory
from contracts.envelope import Envelope
from contracts.events import REGISTRY, Event
from contracts.subjects import PATH_NODE
from services.kit import correlation, crash, gate, ledger
from services.kit.database import Database, attempt
from services.kit.dead_letters import kept_message, record_failure
from services.kit.delivery import Delivery, Forged, Taken, UnknownEvent
from services.kit.outages import is_down
from services.kit.plumbing import InboxRow
from services.kit.taking import became
from services.kit.together import Together
from services.kit.wake import Bell

log = structlog.get_logger()

Effect = Callable[[AsyncSession, Sequence[Taken]], Awaitable[None]]
"""What events do, in the session of the open transaction; never given two versions of one aggregate at a time."""

AT_ONCE = 64
"""Events in one transaction at most."""


def each(effect: Callable[[AsyncSession, Any, Any], Awaitable[None]]) -> Effect:
    """The effect that treats its events one after the other: (session, event, envelope)."""

    async def apply(session: AsyncSession, taken: Sequence[Taken]) -> None:
        for item in taken:
            await effect(session, item.event, item.envelope)

    return apply


@dataclass(frozen=True)
class Handlers:
    """What a service does with events: its effects by event type, and whose data each event is about."""

    tenant: Callable[[Any], str | None]
    effects: Mapping[type[Event], Effect]


@dataclass(frozen=True)
class Arrival:
    """An event and the delivery it came in."""

    delivery: Delivery
    event: Event

    @property
    def id(self) -> UUID:
        return self.delivery.envelope.id

    @property
    def taken(self) -> Taken:
        return Taken(self.event, self.delivery.envelope)


class Inbox:
    """Takes in the events of one service. `arrived` rings when something new is here for good."""

    def __init__(
        self, *, node: str, database: Database, directory: Directory, handlers: Handlers, arrived: Bell | None = None
    ) -> None:
        self._node = node
        self._arrived = arrived or Bell()
        self._database = database
        self._directory = directory
        self._handlers = handlers
        self._together = Together(self._serve, most=AT_ONCE)

    async def take(self, arrival: Arrival) -> None:
        """Apply the event, or park it, or know it as already done; all or nothing.

        Raises Forged, UnknownEvent, DifferentBody, links.ChainBroken, and whatever the effect raises.
        """
        self._check_source(arrival.delivery)
        crash.point("K7", self._node)
        await self._together(arrival)
        crash.point("K9", self._node)
        crash.point_soon("K10", self._node)

    async def hold(self, delivery: Delivery) -> None:
        """Keep an event of a type that this program does not know, for the one that will. Raises Forged."""
        self._check_source(delivery)
        async with self._database.transaction() as session:
            became(self._node, delivery.envelope.id, "unknown")
            if await ledger.enter(session, [(delivery, None)], "unknown"):
                log.warning("unknown_event_held", type=delivery.envelope.type, id=str(delivery.envelope.id))
        self._arrived.ring()

    async def apply_again(self, session: AsyncSession, arrival: Arrival) -> None:
        """Apply an event that stands in the ledger without having had its effect. Raises what its effect raises."""
        await self._apply(session, [arrival])

    async def pass_over(self, session: AsyncSession, arrival: Arrival) -> None:
        """Go on behind an event that is given up: what waited for it follows."""
        if arrival.event.gated and await gate.step(session, [arrival.event]):
            await self._follow(session, [arrival.event])

    def arrival(self, delivery: Delivery) -> Arrival:
        """The event in a delivery. Raises Forged, UnknownEvent, pydantic.ValidationError."""
        self._check_source(delivery)
        model = REGISTRY.get(delivery.envelope.type)
        if model is None or model not in self._handlers.effects:
            raise UnknownEvent(delivery.envelope.type)
        return Arrival(delivery, model.model_validate_json(delivery.body))

    def _check_source(self, delivery: Delivery) -> None:
        agency = self._directory.find(delivery.envelope.source)
        home = agency.node if agency else None
        if delivery.envelope.source == PATH_NODE:
            home = PATH_NODE
        if home != delivery.source:
            raise Forged(delivery.source)

    async def _serve(self, party: Sequence[Arrival]) -> Sequence[Exception | None]:
        errors: list[Exception | None] = [None] * len(party)
        for group in self._groups(party):
            error = await self._attempt([party[place] for place in group])
            if error is None:
                continue
            if len(group) == 1 or is_down(error):
                for place in group:
                    errors[place] = error
                continue
            for place in group:
                errors[place] = await self._attempt([party[place]])
        return errors

    def _groups(self, party: Sequence[Arrival]) -> Iterable[list[int]]:
        """The places of a party by institution; an event that came twice is in two groups."""
        groups: dict[tuple[str | None, int], list[int]] = defaultdict(list)
        copies: dict[UUID, int] = defaultdict(int)
        for place, arrival in enumerate(party):
            groups[self._handlers.tenant(arrival.event), copies[arrival.id]].append(place)
            copies[arrival.id] += 1
        return groups.values()

    async def _attempt(self, arrivals: Sequence[Arrival]) -> Exception | None:
        try:
            await self._take_in(arrivals)
        except Exception as error:
            return error
        return None

    async def _take_in(self, arrivals: Sequence[Arrival]) -> None:
        async with self._database.transaction(self._handlers.tenant(arrivals[0].event)) as session:
            entries = [(arrival.delivery, arrival.event) for arrival in arrivals]
            fresh = await ledger.enter(session, entries, "applied")
            for arrival in arrivals:
                became(self._node, arrival.id, "applied" if arrival.id in fresh else "known")
            with correlation.followed(arrival.delivery.envelope.correlation_id for arrival in arrivals):
                await self._apply(session, [arrival for arrival in arrivals if arrival.id in fresh])
            crash.point("K8", self._node)
        self._arrived.ring()

    async def _apply(self, session: AsyncSession, arrivals: Sequence[Arrival]) -> None:
        """Apply in order; of the versions of one aggregate, one a round."""
        for one_each in _rounds(arrivals):
            gated = [arrival for arrival in one_each if arrival.event.gated]
            if not gated:
                await self._effect(session, one_each)
                continue
            through = await gate.step(session, [arrival.event for arrival in gated])
            stopped = [arrival for arrival in gated if arrival.event.aggregate_id not in through]
            for arrival in stopped:
                if not await self._late_or_early(session, arrival):
                    through.add(arrival.event.aggregate_id)
            passed = [item for item in one_each if not item.event.gated or item.event.aggregate_id in through]
            await self._effect(session, passed)
            await self._follow(session, [arrival.event for arrival in passed if arrival.event.gated])

    async def _late_or_early(self, session: AsyncSession, arrival: Arrival) -> bool:
        """Ignore what is behind, park what is ahead; False when it has become the very next one meanwhile."""
        event = arrival.event
        known = await gate.known_version(session, event.aggregate_id)
        if event.version == known + 1:
            await gate.set_known_version(session, event.aggregate_id, event.version)
            return False
        state = "parked" if event.version > known + 1 else "ignored"
        became(self._node, arrival.id, state)
        await ledger.set_state(session, [arrival.delivery], state)
        return True

    async def _effect(self, session: AsyncSession, arrivals: Sequence[Arrival]) -> None:
        """Events of different types that one effect handles go to it together."""
        for effect, taken in self._by_effect(arrivals):
            await effect(session, taken)

    def _by_effect(self, arrivals: Sequence[Arrival]) -> Iterator[tuple[Effect, list[Taken]]]:
        together: dict[Effect, list[Taken]] = {}
        for arrival in arrivals:
            effect = self._handlers.effects.get(type(arrival.event))
            if effect is None:
                raise UnknownEvent(arrival.event.type())
            together.setdefault(effect, []).append(arrival.taken)
        yield from together.items()

    async def _follow(self, session: AsyncSession, events: Sequence[Event]) -> None:
        """Apply the parked events that come right after these. One that fails makes room for another like it."""
        while events:
            rows = await gate.following(session, events)
            events = [event for row in rows if (event := await self._apply_parked(session, row)) is not None]

    async def _apply_parked(self, session: AsyncSession, row: InboxRow) -> Event | None:
        """The event, when it was applied. One that fails must not take down the good one that released it."""
        delivery = delivery_of(row)
        try:
            async with attempt(session):
                arrival = self.arrival(delivery)
                applied = bool(await gate.step(session, [arrival.event]))
                if applied:
                    await self._effect(session, [arrival])
        except Exception as error:
            if is_down(error):
                raise
            await self._bury(session, row, delivery, error)
            return None
        row.state, row.headers, row.body = "applied" if applied else "ignored", None, None
        session.add(row)
        return arrival.event if applied else None

    async def _bury(self, session: AsyncSession, row: InboxRow, delivery: Delivery, error: Exception) -> None:
        log.warning("parked_event_failed", cause=type(error).__name__, id=str(row.id))
        await record_failure(session, kept_message(delivery, self._node), cause=type(error).__name__, final=1)
        row.state = "dead"
        session.add(row)


def delivery_of(row: InboxRow) -> Delivery:
    """The delivery that a kept event came in. Raises MalformedEnvelope."""
    headers = row.headers or {}
    return Delivery(Envelope.parse(headers), headers, row.body or b"", row.source, row.family)


def _rounds(arrivals: Sequence[Arrival]) -> Iterable[list[Arrival]]:
    """In order; no round holds two versions of one aggregate."""
    rounds: list[list[Arrival]] = []
    turns: dict[UUID, int] = defaultdict(int)
    for arrival in arrivals:
        turn = turns[arrival.event.aggregate_id]
        if arrival.event.gated:
            turns[arrival.event.aggregate_id] += 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(arrival)
    return rounds
