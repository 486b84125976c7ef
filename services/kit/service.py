"""A service at a node: what its commands, handlers and queries stand on, put together once."""

from dataclasses import dataclass

from contracts.directory import Directory
from services.kit.clock import Clock
from services.kit.database import Database
from services.kit.outbox import Outbox


@dataclass(frozen=True)
class Service:
    """One service of one node."""

    name: str
    node: str
    directory: Directory
    database: Database
    clock: Clock

    @property
    def outbox(self) -> Outbox:
        """Where this service's events leave from."""
        return Outbox(self.node, self.name)
