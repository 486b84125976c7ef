"""What intake stands on besides the kit's service: keys, and whether this is a training stack."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from services.kit.keyring import Keyring
from services.kit.service import Service

ReceivedOn = Callable[[str, UUID], Awaitable[bool]]
"""Whether an institution has received a referral on a path, which the receiver's side knows."""

RolesOf = Callable[[str, str], Awaitable[frozenset[str]]]
"""The roles in which somebody, by login, may sign in for an institution now, which the edge knows."""


@dataclass(frozen=True)
class Intake:
    """The intake service of a node."""

    service: Service
    keyring: Keyring
    training: bool
    received_on: ReceivedOn
    roles_of: RolesOf
