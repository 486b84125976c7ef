"""Keeping paths in the database: the fold, and the rows that follow from it. Of many paths in one statement each."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Row, Uuid, any_, bindparam, cast, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.paths import PathFact
from workflows.agenda import Agenda
from workflows.picture import stage
from workflows.watch import MISSED, Watch, plan

WAKE_CHANNEL = "path_wake"
"""The NOTIFY channel on which a new fact wakes its relay."""

UNTOLD_CHANNEL = "path_untold"
"""The NOTIFY channel on which a changed path asks that the institutions be told."""

# Two statements for all events that arrive together, built once, with the rows of a kind in one parameter as JSON:
# every round trip, and every value bound by itself, costs more than what the database does with it.

_TAKE_UP = text("""
    with begun as (
        insert into path (id, version, stage, state, changed_at, checked_at)
        select id, 0, 'referred', jsonb_build_object('path_id', id), :now, :now from unnest(:begun) as id order by id
        on conflict (id) do update set version = path.version
        returning id, state
    ), known as (
        select id, state from path where id = any (:known) order by id for update
    ), submitted as (
        insert into referral select * from jsonb_populate_recordset(null::referral, cast(:submitted as jsonb))
    ), moved as (
        update referral set status = given.status, custodian = given.custodian
        from jsonb_to_recordset(cast(:moved as jsonb)) as given (referral_id uuid, status text, custodian text)
        where referral.id = given.referral_id
        returning referral.id, referral.path_id, referral.sender, referral.receiver, referral.kind, referral.urgency
    ), paths as (
        select * from begun union all select * from known
    )
    select id, state::text, path_id, sender, receiver, kind, urgency from paths full join moved using (id)
""").bindparams(bindparam("begun", type_=ARRAY(Uuid)), bindparam("known", type_=ARRAY(Uuid)))

_KEEP = text("""
    with kept as (
        insert into fact (event_id, path_id, fact)
        select (given.fact ->> 'event_id')::uuid, (given.fact ->> 'path_id')::uuid, given.fact
        from jsonb_array_elements(cast(:facts as jsonb)) with ordinality as given (fact, place) order by place
        returning pos, event_id, path_id
    ), waking as (
        insert into wake (path_id, event_id, trace)
        select path_id, event_id, cast(:traces as jsonb) ->> event_id::text from kept order by pos
    ), opened as (
        insert into deadline select * from jsonb_populate_recordset(null::deadline, cast(:opened as jsonb))
    ), planned as (
        insert into emission select * from jsonb_populate_recordset(null::emission, cast(:planned as jsonb))
        on conflict (id) do nothing
    ), turned as (
        update deadline set status = given.status
        from jsonb_to_recordset(cast(:turned as jsonb)) as given (id uuid, status text) where deadline.id = given.id
        returning deadline.id, deadline.status
    ), over as (
        delete from emission using turned
        where emission.deadline_id = turned.id and emitted_at is null and turned.status not in ('open', 'missed')
    ), moved as (
        update deadline set status = given.status, due_at = given.due_at, derivation = given.derivation,
            basis = given.basis, rule_version = given.rule_version, calendar_version = given.calendar_version,
            revision = given.revision, book = given.book
        from jsonb_populate_recordset(null::deadline, cast(:moved as jsonb)) as given where deadline.id = given.id
        returning deadline.id, deadline.revision
    ), outdated as (
        delete from emission using moved
        where emission.deadline_id = moved.id and emitted_at is null and emission.revision < moved.revision
    ), saved as (
        update path set version = given.version, stage = given.stage, state = given.state, changed_at = :now
        from jsonb_to_recordset(cast(:paths as jsonb)) as given (id uuid, version integer, stage text, state jsonb)
        where path.id = given.id
    ), marked as (
        insert into untold (path_id, cause) select key::uuid, nullif(value, 'null')
        from jsonb_each(cast(:causes as jsonb)) on conflict do nothing
    )
    select pg_notify(:wake, ''), pg_notify(:untold, '')
""")


_STATES = text("select state::text from path where id = any (:paths)").bindparams(bindparam("paths", type_=ARRAY(Uuid)))


@dataclass(frozen=True)
class TakenUp:
    """Paths locked until the transaction ends, and what the submissions of known referrals told, by referral."""

    states: dict[UUID, Agenda]
    referrals: dict[UUID, Row[Any]]


@dataclass(frozen=True)
class Step:
    """A path before and after a change, and the headers of the event that changed it, if it was one."""

    before: Agenda
    after: Agenda
    cause: Mapping[str, str] | None = None


def as_json(value: object) -> str:
    """Models, ids and instants as JSON text."""
    return to_json(value).decode()


def among(column: Mapped[UUID], ids: Collection[UUID]) -> ColumnElement[bool]:
    """Whether the column is one of these: one parameter however many there are."""
    return column == any_(cast(list(ids), ARRAY(Uuid)))


async def take_up(
    session: AsyncSession,
    *,
    path_ids: Collection[UUID],
    submitted: Sequence[Mapping[str, object]],
    moved: Sequence[Mapping[str, object]],
    now: datetime,
) -> TakenUp:
    """Lock these paths, beginning those of referrals `submitted`; note these, and the status of those `moved`."""
    begun = {row["path_id"] for row in submitted}
    values = {
        "begun": list(begun),
        "known": [path_id for path_id in path_ids if path_id not in begun],
        "submitted": as_json(submitted),
        "moved": as_json(moved),
        "now": now,
    }
    rows = (await session.execute(_TAKE_UP, values)).all()
    return TakenUp(
        states={row.id: Agenda.model_validate_json(row.state) for row in rows if row.state is not None},
        referrals={row.id: row for row in rows if row.kind is not None},
    )


async def states(session: AsyncSession, path_ids: Collection[UUID]) -> list[Agenda]:
    """The states of these paths."""
    rows = (await session.execute(_STATES, {"paths": list(path_ids)})).scalars()
    return [Agenda.model_validate_json(state) for state in rows]


async def keep(
    session: AsyncSession,
    steps: Sequence[Step],
    now: datetime,
    facts: Sequence[PathFact] = (),
    traces: Mapping[UUID, str | None] | None = None,
    book: int = 0,
) -> None:
    """Keep the new states of paths whose rows are locked, with all that follows: deadlines, emissions, who must hear.

    `facts` led to them, `traces` what each fact goes on from, by event id; `book` is the row of the rulebook by which
    deadlines were computed.
    """
    opened: list[dict[str, object]] = []
    planned: list[dict[str, object]] = []
    turned: list[dict[str, object]] = []
    moved: list[dict[str, object]] = []
    for step in steps:
        known = {watch.deadline.id: watch for watch in step.before.watches}
        for watch in step.after.watches:
            before = known.get(watch.deadline.id)
            if before is not None and before.deadline.revision != watch.deadline.revision:
                moved.append(_deadline(step.after.path_id, watch, book))
                planned += _emissions(step.after.path_id, watch, now)
            elif before is None:
                opened.append(_deadline(step.after.path_id, watch, book))
                planned += _emissions(step.after.path_id, watch)
            elif before.status != watch.status:
                turned.append({"id": watch.deadline.id, "status": watch.status})
                if not before.pending:  # it waits again: what was not emitted may be
                    planned += _emissions(step.after.path_id, watch)
    rows: dict[str, object] = {
        "facts": facts,
        "traces": traces or {},
        "opened": opened,
        "planned": planned,
        "turned": turned,
        "moved": moved,
        "paths": [_path(step.after) for step in steps],
        "causes": {step.after.path_id: step.cause for step in steps},
    }
    values = {name: as_json(value) for name, value in rows.items()}
    await session.execute(_KEEP, {**values, "now": now, "wake": WAKE_CHANNEL, "untold": UNTOLD_CHANNEL})


def _path(agenda: Agenda) -> dict[str, object]:
    return {"id": agenda.path_id, "version": agenda.version, "stage": stage(agenda), "state": agenda}


def _deadline(path_id: UUID, watch: Watch, book: int) -> dict[str, object]:
    deadline = watch.deadline.model_dump(exclude={"ladder"})
    return {"path_id": path_id, "status": watch.status, "book": book, **deadline}


def _emissions(path_id: UUID, watch: Watch, moved_at: datetime | None = None) -> Iterable[dict[str, object]]:
    """What is planned while somebody waits; of one that was moved, also what counts as told since then."""
    for item in plan(watch.deadline):
        done = item.occurrence in watch.done
        if moved_at if done else watch.pending:
            yield {
                "id": item.id,
                "path_id": path_id,
                "deadline_id": watch.deadline.id,
                "at": item.at,
                "kind": "missed" if item.occurrence == MISSED else "reminder",
                "audience": item.audience,
                "emitted_at": moved_at if done else None,
                "revision": item.revision,
            }
