"""What can be read of a message that could not be handled: its address, its envelope, and its body as far as that goes.

A body that no model of ours reads may still be JSON and name its referral; nothing else is taken from it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from contracts.directory import Directory
from contracts.envelope import Envelope, MalformedEnvelope
from contracts.events import REGISTRY, Event


@dataclass(frozen=True)
class Legible:
    """A message as the broker delivered it."""

    subject: str
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def address(self) -> tuple[str, str, str]:
        """The node that published (the broker vouches for it), the node that reads, and the family."""
        _, source, target, family, _ = self.subject.split(".", 4)
        return source, target, family

    @cached_property
    def envelope(self) -> Envelope | None:
        """None when it is the envelope that is malformed."""
        try:
            return Envelope.parse(self.headers)
        except MalformedEnvelope:
            return None

    @property
    def model(self) -> type[Event] | None:
        return REGISTRY.get(self.headers.get("ce-type", ""))

    @cached_property
    def event(self) -> Event | None:
        """The event, when its contract is known here and kept."""
        try:
            return self.model.model_validate_json(self.body) if self.model else None
        except ValidationError:
            return None

    @cached_property
    def _fields(self) -> dict[str, Any]:
        try:
            fields = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return fields if isinstance(fields, dict) else {}

    @property
    def referral_id(self) -> UUID | None:
        return _uuid(self._fields.get("referral_id"))

    @property
    def path_id(self) -> UUID | None:
        return self.envelope.subject if self.envelope else _uuid(self._fields.get("path_id"))

    @property
    def aggregate_id(self) -> UUID | None:
        """What its version counts, as far as one can tell."""
        return self.event.aggregate_id if self.event else self.referral_id or self.path_id

    def concerns(self, tenant: Callable[[Any], str | None], directory: Directory) -> str | None:
        """The institution of the reading node whose data it is about; None when that cannot be told."""
        try:
            slug = tenant(self.event or SimpleNamespace(**self._fields))
        except (AttributeError, TypeError):
            return None
        agency = directory.find(slug) if isinstance(slug, str) else None
        return agency.slug if agency and agency.node == self.address[1] else None


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
