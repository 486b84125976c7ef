"""What every event is, and what every event about one referral is."""

from typing import Any, ClassVar, Literal, Self
from uuid import UUID

from contracts.base import Instant, Slug, Told

Family = Literal["intake", "referral", "path", "road"]

REGISTRY: dict[str, type["Event"]] = {}
"""CloudEvents type -> model."""


class Event(Told):
    """An event. Subclasses name their family, name and version; the rest follows from these three."""

    family: ClassVar[Family]
    name: ClassVar[str]
    event_version: ClassVar[int] = 1
    gated: ClassVar[bool] = False
    """Whether `version` counts: the event is applied only right after the version before it."""

    numbered: ClassVar[bool] = True
    """Whether it takes a number on its link."""

    path_id: UUID
    version: int
    at: Instant

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        if "name" in cls.__dict__:
            REGISTRY[cls.type()] = cls

    @classmethod
    def type(cls) -> str:
        """The CloudEvents type, `pl.sciezka.referral.accepted.v1`."""
        return f"pl.sciezka.{cls.family}.{cls.name}.v{cls.event_version}"

    @property
    def aggregate_id(self) -> UUID:
        """What `version` counts: the referral, or the path for events of the path itself."""
        return self.path_id

    def without_seal(self) -> Self:
        """The copy that the path node may see: nothing sealed in it."""
        return self


class ReferralEvent(Event):
    """An event about one referral between two institutions."""

    referral_id: UUID
    sender: Slug
    receiver: Slug
    sealed: str | None = None

    @property
    def aggregate_id(self) -> UUID:
        return self.referral_id

    def without_seal(self) -> Self:
        return self.model_copy(update={"sealed": None})
