"""Written by any service: what became of messages themselves."""

from typing import Literal
from uuid import UUID

from contracts.base import Code, Slug
from contracts.events.base import Event


class DeadLetterEvent(Event):
    """About one message that a service could not handle, for the institution it concerns. Any service writes these, so
    they take no number; and an event that tells of a letter never makes another when it fails itself.
    """

    family = "road"
    numbered = False

    letter_id: UUID
    agency: Slug
    node: Slug
    service: Slug
    cause: Code
    """Worded by `services/kit/causes.toml`."""
    referral_id: UUID | None = None


class DeadLetterOpened(DeadLetterEvent):
    """A message waits for a person."""

    name = "dead_letter_opened"


class DeadLetterClosed(DeadLetterEvent):
    """It was handled after all, or given up by a person."""

    name = "dead_letter_closed"

    outcome: Literal["resolved", "dropped"]
