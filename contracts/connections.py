"""How a node stands to the others at this moment, as far as it concerns everybody who works there."""

from contracts.base import Instant, Message, Slug


class Unanswered(Message):
    """A node that has not signed for what it was sent; the oldest of it was sent at `since`."""

    node: Slug
    since: Instant


class Connections(Message):
    """Facts only, as of `as_of`; what follows from them for people is told by whoever shows them.

    `road`: whether the broker answers. `unsent_since`: since when the oldest event waits to leave this node.
    `paths_as_of`: up to when everything is known here that the path node has told.
    """

    as_of: Instant
    road: bool
    unsent_since: Instant | None = None
    unanswered: tuple[Unanswered, ...] = ()
    paths_as_of: Instant | None = None
