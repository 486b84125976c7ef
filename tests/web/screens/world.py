"""What the screens show: things made over the interface when the first screen asks for them, each once a session."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.nodes import Network

Make = Callable[[Network], Awaitable[str]]
"""Makes one thing and gives its id."""


@dataclass
class World:
    """`made`: the id of each thing that was made, by what made it."""

    network: Network
    made: dict[Make, str] = field(default_factory=dict)

    async def id(self, make: Make) -> str:
        """The id of this thing, made now if nobody asked before."""
        if make not in self.made:
            self.made[make] = await make(self.network)
        return self.made[make]
