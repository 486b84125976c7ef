"""The rules that the path node computes by, as this node was told them."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import structlog
from sqlalchemy import text as sql
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.codes import Urgency
from contracts.events import REGISTRY
from contracts.rulebook import EarlierItem, FreeDay, LocalLengthItem, Rulebook, RuleItem, Text
from rules.book import Book, read_book, shipped
from rules.calendar import ONE_DAY
from rules.data import RulesError
from rules.derivation import length_text
from rules.events import events
from rules.lengths import Length
from rules.rule import DeadlineRule
from services.paths.models import RulebookCopy

log = structlog.get_logger()

_YEAR = timedelta(days=366)

_SENT = frozenset(event.name for event in REGISTRY.values())
"""The events that services send; the vocabulary of rules holds more."""

_RUNNING = sql("""
    select deadline ->> 'rule' as rule, split_part(deadline ->> 'rule_version', '+', 1) as version, count(*) as running
    from path, jsonb_array_elements(view -> 'deadlines') as deadline
    where deadline ->> 'status' in ('open', 'missed', 'paused') group by 1, 2
""")
"""A version under a local length bears the day of that length behind a plus sign."""


async def rulebook(session: AsyncSession, agency: str, day: date) -> Rulebook:
    """The rules in force on this day, with the closing days of this institution and what its cases keep of before."""
    text = (await session.exec(select(RulebookCopy.text))).one_or_none()
    book = _read(text or "")
    counted = (await session.execute(_RUNNING)).all()
    running = {(row.rule, row.version): row.running for row in counted}
    earlier = tuple(
        EarlierItem(**_told(rule), running=running[rule.id, rule.version])
        for rule in book.rules
        if (rule.id, rule.version) in running and not rule.in_force(day)
    )
    return _shown(book, agency, day).model_copy(update={"earlier": earlier})


@lru_cache(maxsize=2)
def _read(text: str) -> Book:
    if not text.strip():
        return shipped()
    try:
        return read_book(text)
    except RulesError as error:  # the path node runs another release than this node
        log.error("rulebook_unreadable", cause=str(error))
        return shipped()


@lru_cache(maxsize=64)
def _shown(book: Book, agency: str, day: date) -> Rulebook:
    return Rulebook(
        rules=book.version,
        day=day,
        items=tuple(RuleItem(**_told(rule)) for rule in book.rules_in_force(day)),
        local_lengths=tuple(
            LocalLengthItem(
                rule=local.rule,
                institution=local.institution,
                lengths=_lengths(local.length),
                basis=local.basis,
                valid_from=local.valid_from,
                valid_to=local.valid_to,
            )
            for local in book.lengths
            if local.institution in (None, agency) and (local.valid_to is None or local.valid_to >= day)
        ),
        days_off=tuple(_days_off(book, agency, day)),
    )


def _told(rule: DeadlineRule) -> dict[str, Any]:
    told = {name: getattr(rule, name) for name in RuleItem.model_fields if hasattr(rule, name)}
    return told | {
        "lengths": _lengths(rule.length),
        "starts": tuple(events()[event].wording for event in rule.starts),
        "watched": bool(_SENT & set(rule.starts)),
    }


def _lengths(lengths: dict[Urgency, Length]) -> dict[Urgency, Text]:
    return {urgency: length_text(length) for urgency, length in lengths.items()}


def _days_off(book: Book, agency: str, first: date) -> list[FreeDay]:
    own, found, day = book.calendar.closing.get(agency, {}), [], first
    while day < first + _YEAR:
        if wording := book.calendar.holiday(day):
            found.append(FreeDay(day=day, wording=wording))
        elif wording := own.get(day):
            found.append(FreeDay(day=day, wording=wording, own=True))
        day += ONE_DAY
    return found
