"""ClientPath: one durable workflow per client's path, a thin shell around the agenda.

It takes facts, waits with one timer for what is due next and has it emitted. It never ends by itself: a path that is
closed today may go on with a new referral tomorrow.
"""

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import ConfigDict, Field
from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from contracts.base import Instant, Told
    from contracts.paths import PathFact, PathView
    from workflows.agenda import Agenda, apply, due, emitted, next_due, reject, revisions
    from workflows.picture import view

EMIT_DUE = "emit_due"
"""Name of the activity: its code stands on the database and is not imported here."""

RENEWAL = timedelta(days=91)
"""A run is continued as a new one at least each quarter, so that old code need not be kept for longer."""

_PATIENCE = RetryPolicy(maximum_interval=timedelta(seconds=60))
"""One second, then doubling, without an end."""


_SHORTEST_WAIT = timedelta(seconds=1)
"""A timer may ring a moment early; one for the rest of the moment would ring at once, again and again."""


class Due(Told):
    """Emit what is due on this path at this instant. `revisions`: of the deadlines that were moved."""

    path_id: UUID
    at: Instant
    revisions: dict[UUID, int] = Field(default_factory=dict)


class Emitted(Told):
    """The deadlines of the path announced as missed so far, by whomever."""

    model_config = ConfigDict(extra="ignore")

    missed: tuple[UUID, ...]


@workflow.defn
class ClientPath:
    """The path of one client."""

    @workflow.init
    def __init__(self, state: Agenda) -> None:
        self._state = state
        self._inbox: list[PathFact] = []

    @workflow.run
    async def run(self, state: Agenda) -> None:
        renewal = workflow.info().start_time + RENEWAL
        while True:
            await self._catch_up()
            if workflow.info().is_continue_as_new_suggested() or workflow.now() >= renewal:
                workflow.continue_as_new(self._state)
            await self._wait(min(next_due(self._state) or renewal, renewal))

    @workflow.signal
    def facts(self, facts: tuple[PathFact, ...]) -> None:
        """Things happened, in this order. Facts are known by event id, so one may come any number of times."""
        self._inbox.extend(facts)

    @workflow.signal
    def fact(self, fact: PathFact) -> None:
        """As paths under way were told: fact by fact."""
        self._inbox.append(fact)

    @workflow.query
    def view(self) -> PathView:
        """Where the path stands."""
        return view(self._state)

    async def _catch_up(self) -> None:
        """Emit what is due and take in all facts.

        In this order, fact by fact: a fact that comes late must find its deadline missed when it was announced as
        missed, whether the workflow runs on time, late, or is built anew from all facts.
        """
        while True:
            await self._emit()
            if not self._inbox:
                return
            self._take(self._inbox.pop(0))

    def _take(self, fact: PathFact) -> None:
        try:
            self._state = apply(self._state, fact)
        except Exception as error:  # any other way out would retry this step for ever, and the path would stand still
            workflow.logger.error("fact_rejected", extra={"event": str(fact.event_id), "cause": type(error).__name__})
            self._state = reject(self._state, fact.event_id)

    async def _emit(self) -> None:
        now = workflow.now()
        if not due(self._state, now):
            return
        outcome = await workflow.execute_local_activity(
            EMIT_DUE,
            Due(path_id=self._state.path_id, at=now, revisions=revisions(self._state)),
            result_type=Emitted,
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=_PATIENCE,
            local_retry_threshold=timedelta(seconds=5),
        )
        self._state = emitted(self._state, now, outcome.missed)

    async def _wait(self, until: datetime) -> None:
        """Return when there is a fact, or at this instant."""
        timeout = max(until - workflow.now(), _SHORTEST_WAIT)
        try:
            await workflow.wait_condition(lambda: bool(self._inbox), timeout=timeout, timeout_summary="next due")
        except TimeoutError:  # an escaping one would fail the workflow
            return
