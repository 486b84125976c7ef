"""What people write into an action: mostly what it asks for, now and then a day that cannot be."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any, get_args

from contracts.api import ActionBody
from contracts.codes import Channel
from rules.calendar import local_day
from rules.lifecycle import Transition, reasons
from rules.outcomes import table as outcomes
from tests.lifecycle.memory import KINDS

VALUES: dict[str, Callable[[Random, datetime], Any]] = {
    "due_on": lambda random, now: _day(random, now, (-1, 0, 1, 3, 12)),
    "review_on": lambda random, now: _day(random, now, (-1, 0, 1, 3, 30)),
    "until": lambda random, now: _day(random, now, (-1, 0, 1, 3, 60)),
    "signed_on": lambda random, now: _day(random, now, (1, 0, -1, -3)),
    "meet_at": lambda random, now: now + timedelta(hours=random.choice((0, 1, 20, 60))),
    "suggestion": lambda random, now: random.choice(list(KINDS)),
    "channel": lambda random, now: random.choice(get_args(Channel)),
    "outcome": lambda random, now: random.choice(list(outcomes().outcomes)),
    "evidence": lambda random, now: random.choice(list(outcomes().evidence)),
    "question": lambda random, now: "text",
    "text": lambda random, now: "text",
}


def body(random: Random, transition: Transition, now: datetime) -> ActionBody:
    """A body for this action."""
    written: dict[str, Any] = {name: VALUES[name](random, now) for name in transition.fields}
    if "suggestion" in transition.optional and random.random() < 0.5:
        written["suggestion"] = VALUES["suggestion"](random, now)
    if transition.reasons is not None:
        written["reason"] = random.choice(reasons(transition.reasons)).code
        written["note"] = "why"
    return ActionBody.model_validate(written)


def _day(random: Random, now: datetime, days: tuple[int, ...]) -> Any:
    return local_day(now) + timedelta(days=random.choice(days))
