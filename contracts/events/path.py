"""Written by the path node: pictures of paths, what falls due, what passed."""

from uuid import UUID

from contracts.base import Code, Instant, Slug
from contracts.codes import Language
from contracts.events.base import Event
from contracts.paths import Audience, PathView


class PathAdvanced(Event):
    """The picture of a path after a change, as `agency` may see it. A later one replaces an earlier one: no gate."""

    family = "path"
    name = "advanced"

    agency: Slug
    view: PathView


class DeadlineEvent(Event):
    """About one deadline. The id of the event is derived from the deadline and the rung: it exists at most once."""

    agency: Slug
    """Whose people are told."""
    referral_id: UUID
    deadline_id: UUID
    rule: Code
    owner: Slug
    due_at: Instant


class ReminderDue(DeadlineEvent):
    """A rung of a ladder was reached while the deadline was still open."""

    family = "path"
    name = "reminder_due"

    audience: Audience


class DeadlineMissed(DeadlineEvent):
    """The deadline passed while it was still open. Nothing is blocked by it: overdue never disables an action."""

    family = "path"
    name = "deadline_missed"


class DeadlineMoved(DeadlineEvent):
    """A change of rules or calendar has moved the deadline from `was` to `due_at`. `rules`: the book it follows now."""

    family = "path"
    name = "deadline_moved"

    was: Instant
    why: dict[Language, str]
    rules: str


class RulesApplied(Event):
    """The book in force: the rules of this release with the local rule file laid over them. About no path.

    `version` counts the books, so that a later one replaces an earlier one.
    """

    family = "path"
    name = "rules_applied"

    rules: str
    local_rules: str
