"""What is known of free places elsewhere, for where it is chosen whom to send a person to; and what waits for us."""

from collections.abc import Mapping
from datetime import date, timedelta

from contracts.base import Slug
from contracts.places import PlaceQuestion, PlaceQuestionPage
from rules.calendar import local_day
from rules.limits import limit
from services.desk.api import Calls, Refused, Unreachable


async def answered(calls: Calls, today: date) -> Mapping[Slug, PlaceQuestion]:
    """The last answer of each institution, unless it is old. What cannot be learned now is left out."""
    since = today - timedelta(days=limit("place_answer_shown_days", today))
    found: dict[Slug, PlaceQuestion] = {}
    for each in await _first_page(calls, "asked"):
        if each.answered_at is not None and local_day(each.answered_at) >= since:
            newest = found.setdefault(each.receiver, each)
            if newest.answered_at is not None and newest.answered_at < each.answered_at:
                found[each.receiver] = each
    return found


async def to_answer(calls: Calls) -> int:
    """How many of the newest questions wait for our answer."""
    return sum(each.answered_at is None for each in await _first_page(calls, "received"))


async def _first_page(calls: Calls, box: str) -> tuple[PlaceQuestion, ...]:
    try:
        return (await calls.get("/place-questions", PlaceQuestionPage, box=box)).items
    except (Refused, Unreachable):
        return ()
