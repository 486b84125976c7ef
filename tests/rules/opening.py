"""What an event opens, asked for with the least words."""

import re
from datetime import UTC, date, datetime
from uuid import UUID

from contracts.codes import ReferralKind, Urgency
from contracts.paths import Deadline
from rules.calendar import local_time
from rules.deadlines import opened_by

REFERRAL = UUID("0190a0b0-0000-7000-8000-000000000001")
EVENT = UUID("0190a0b0-0000-7000-8000-000000000002")
TUESDAY = datetime(2026, 2, 3, 9, 0, tzinfo=UTC)


def opened(
    event: str,
    at: datetime = TUESDAY,
    urgency: Urgency = "normal",
    due_on: date | None = None,
    kind: ReferralKind = "statutory_cis",
) -> dict[str, Deadline]:
    found = opened_by(
        event,
        at=at,
        referral_id=REFERRAL,
        event_id=EVENT,
        sender="ops-poraj",
        receiver="cis-poraj",
        urgency=urgency,
        kind=kind,
        due_on=due_on,
    )
    return {deadline.rule: deadline for deadline in found}


def ladder(deadline: Deadline) -> list[tuple[str, str]]:
    return [(f"{local_time(rung.at):%Y-%m-%d %H:%M}", rung.audience) for rung in deadline.ladder]


def last_date(text: str) -> date:
    day, month, year = re.findall(r"(\d+)\.(\d\d)\.(\d{4})", text)[-1]
    return date(int(year), int(month), int(day))
