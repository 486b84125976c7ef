"""The intake of a node by itself: what the other services of the node would tell it, it hears from nobody."""

from services.intake.context import Intake
from services.kit.keyring import load_keyring
from stack.compose import Base


def intake_apart(base: Base) -> Intake:
    """On the connections of this base."""
    return Intake(base.service("intake"), load_keyring(base.settings.data, base.node), True, _nothing, _no_roles)


async def _nothing(*_: object) -> bool:
    return False


async def _no_roles(*_: object) -> frozenset[str]:
    return frozenset()
