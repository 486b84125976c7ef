"""Books to ask: local files, and what an event opens under one, asked for with the least words."""

from datetime import date, time
from typing import Any

from contracts.paths import Deadline
from rules.book import Book
from rules.calendar import calendar, local_day
from tests.rules.opening import EVENT, REFERRAL

BASIS = 'basis = { pl = "Zarządzenie", en = "Order" }'
LONGER = f"""
[[lengths]]
rule = "decision"
length = {{ normal = "10d", urgent = "2wd" }}
valid_from = 2026-03-09
{BASIS}
"""
SHORTER = LONGER.replace("10d", "5d").replace("2wd", "1wd")
HOLIDAY = """
[[days_off]]
date = 2026-03-10
wording = { pl = "Dzień Próby", en = "Day of Trial" }
basis = { pl = "Ustawa z 1.03.2026", en = "Act of 1 March 2026" }
"""
CLOSING = """
[[closing_days]]
institution = "cis-poraj"
date = 2026-03-10
wording = { pl = "inwentaryzacja", en = "stock-taking" }
"""


def opened(book: Book, event: str, day: str, governed_on: str | None = None, **more: Any) -> dict[str, Deadline]:
    at = calendar().at_local(date.fromisoformat(day), time(10))
    asked: dict[str, Any] = {
        "referral_id": REFERRAL,
        "event_id": EVENT,
        "sender": "ops-poraj",
        "receiver": "cis-poraj",
        "urgency": "normal",
        "kind": "statutory_cis",
    }
    found = book.opened_by(event, at=at, governed_on=date.fromisoformat(governed_on or day), **(asked | more))
    return {deadline.rule: deadline for deadline in found}


def ends(deadline: Deadline) -> str:
    return local_day(deadline.due_at).isoformat()
