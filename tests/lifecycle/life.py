"""One referral in memory: the receiver's row, the sender's copy, what is on its way between them and to the path.

The use cases are the product's own; messages may come late, twice and in any order, as the version gates allow.
"""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch
from uuid import UUID, uuid5

from contracts.api import ActionBody
from contracts.codes import ReferralKind, Status
from contracts.events import ReferralFact, ReferralRequested, ReferralSubmitted
from contracts.ids import case_number
from services.intake import commands as intake
from services.intake.handlers import _apply, _request_of, _settle
from services.intake.models import SentReferral, SentRequest
from services.kit.caller import Caller
from services.kit.problems import Problem
from services.referral import commands as receiver
from services.referral.handlers import _deliver, _order
from services.referral.models import ReceivedReferral
from tests.lifecycle.memory import DIRECTORY, Clock, Outbox, Session, done

SUBMITTED = 1
"""The version that the sender writes itself."""


@dataclass(frozen=True)
class Step:
    """One fact, and the state it was told from. `actor`: who did it; the system is one."""

    before: Status
    trail: tuple[Status, ...]
    fact: ReferralFact
    actor: str


class Gate:
    """Lets versions through in their order, each once, and keeps what came too early (`services/kit/gate.py`)."""

    def __init__(self, known: int) -> None:
        self.known = known
        self._parked: dict[int, ReferralSubmitted | ReferralFact] = {}

    def take(self, event: Any) -> list[Any]:
        """What may be applied now that this has come."""
        if event.version > self.known:
            self._parked[event.version] = event
        ready = []
        while self.known + 1 in self._parked:
            self.known += 1
            ready.append(self._parked.pop(self.known))
        return ready


class Life:
    """A referral from its submission on."""

    def __init__(
        self, name: str, kind: ReferralKind, sender: str, to: str, clock: Clock, lineage: tuple[str, ...] = ()
    ) -> None:
        self.id, self.path_id = uuid5(UUID(int=0), name), UUID(int=0)
        self.clock, self.session, self.outbox = clock, Session(), Outbox()
        self.sent = SentReferral(
            id=self.id,
            agency=sender,
            client_id=UUID(int=1),
            path_id=self.path_id,
            number=case_number(self.id, clock.time.year),
            receiver=to,
            kind=kind,
            urgency="normal",
            status="submitted",
            version=SUBMITTED,
            custodian=sender,
            sealed_form="form",
            created_at=clock.time,
            submitted_at=clock.time,
            consent=kind == "service",
            lineage=list(lineage),
        )
        self.begun = self.sent.model_dump()
        self.received: ReceivedReferral | None = None
        self.requests: dict[UUID, SentRequest] = {}
        self.handled: set[UUID] = set()
        self.steps: list[Step] = []
        self.submission = ReferralSubmitted(
            path_id=self.path_id,
            version=SUBMITTED,
            at=clock.time,
            referral_id=self.id,
            sender=sender,
            receiver=to,
            number=self.sent.number,
            kind=kind,
            urgency="normal",
            custodian=sender,
            lineage=lineage,
            consent=self.sent.consent,
            sealed="dossier",
        )
        self.to_receiver: list[ReferralSubmitted | ReferralRequested] = [self.submission]
        self.to_sender: list[ReferralFact] = []
        self.to_path: list[ReferralSubmitted | ReferralFact] = [self.submission.without_seal()]
        self.gate = Gate(SUBMITTED)
        self.path_gate = Gate(0)

    @property
    def kind(self) -> ReferralKind:
        return self.sent.kind

    @property
    def status(self) -> Status:
        """Where it really is: the receiver is the only writer once it has it."""
        return "submitted" if self.received is None else self.received.status

    @property
    def facts(self) -> list[ReferralFact]:
        """Every fact, in the order of the versions."""
        return [step.fact for step in self.steps]

    @property
    def asking(self) -> bool:
        """Whether a request of the sender waits for its answer."""
        return any(request.state == "pending" for request in self.requests.values())

    # --- the receiver -------------------------------------------------------------------------------------------------

    def act(self, who: Caller, action: str, body: ActionBody) -> None:
        """Raises Problem, and nothing has changed then."""
        assert self.received is not None
        self._at_receiver(who.actor, receiver.act(self._here(), self.session, who, self.received, action, body))

    def see(self) -> None:
        assert self.received is not None
        self._at_receiver("somebody", receiver.see(self._here(), self.session, self.received))

    def lapse(self) -> None:
        """A claim that nobody renewed goes back."""
        until = self.session.leases.get(self.id)
        if self.received is not None and self.status == "in_review" and until is not None and until <= self.clock.time:
            work = receiver.lapse(self._here(), self.session, self.received, self.clock.time)
            self._at_receiver("system", work)

    def arrive(self, index: int) -> None:
        """A message of the sender is handled at the receiver, once; it may come again."""
        event = self.to_receiver[index]
        envelope = cast(Any, SimpleNamespace(source=event.sender))
        if isinstance(event, ReferralSubmitted):
            if self.received is None:
                work = _deliver(self._here(), self.session, event, envelope)
                self._at_receiver("system", work)
        elif self.received is not None and event.request_id not in self.handled:
            self.handled.add(event.request_id)
            self.session.found = self.received
            self._at_receiver(event.sender, _order(self._here(), self.session, event, envelope))

    def _at_receiver(self, actor: str, work: Any) -> None:
        before = self.status
        trail = () if self.received is None else tuple(self.received.trail)
        done(work)
        for row in self.session.added:
            if isinstance(row, ReceivedReferral):
                self.received = row
        self.session.added.clear()
        written = [event for event in self.outbox.written if isinstance(event, ReferralFact)]
        self.outbox.written.clear()
        for fact in written:
            self.steps.append(Step(before, cast(tuple[Status, ...], trail), fact, actor))
            self.to_sender.append(fact)
            self.to_path.append(cast(ReferralFact, fact.without_seal()))

    # --- the sender ---------------------------------------------------------------------------------------------------

    def ask(self, who: Caller, action: str, body: ActionBody, child: UUID) -> None:
        """Raises Problem, and nothing has changed then. `child`: what is sent in its place when it is redirected."""
        self.session.found = next((request for request in self.requests.values() if request.state == "pending"), None)

        async def in_its_place(*_: object) -> UUID:
            return child

        with patch("services.intake.commands._in_its_place", in_its_place):
            done(intake.request(self._here(), self.session, who, self.sent, action, body))
        for row in self.session.added:
            if isinstance(row, SentRequest):
                self.requests[row.id] = row
        self.session.added.clear()
        self.to_receiver += [event for event in self.outbox.written if isinstance(event, ReferralRequested)]
        self.outbox.written.clear()

    def told(self, index: int) -> None:
        """A fact of the receiver reaches the sender; it may come again."""
        for fact in self.gate.take(self.to_sender[index]):
            _apply(self.sent, fact)
            request_id = _request_of(fact)
            if request_id is not None:
                _settle(self.requests[request_id], fact)

    def copy_from_facts(self) -> SentReferral:
        """The sender's copy as the facts alone make it, up to the version that is known."""
        copy = SentReferral.model_validate(self.begun)
        for fact in self.facts:
            if fact.version <= self.gate.known:
                _apply(copy, fact)
        return copy

    def _here(self) -> Any:
        service = SimpleNamespace(node="here", clock=self.clock, directory=DIRECTORY, outbox=self.outbox)
        return SimpleNamespace(service=service, keyring=None)


def tried(work: Any) -> bool:
    """Whether it was allowed."""
    try:
        work()
    except Problem:
        return False
    return True
