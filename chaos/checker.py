"""The judge: a history and a final state in, broken invariants out. Pure, and it trusts neither end alone.

The invariants are numbered as in docs/reliability.md.
"""

from collections.abc import Iterable, Sequence

from chaos.agreed import at_rest, disagreeing, illegal, out_of_order
from chaos.final import Final
from chaos.history import Entry
from chaos.told import dishonest, doubled, lost
from chaos.violation import Violation


def check(history: Sequence[Entry], final: Final, *, held: Iterable[str] = ()) -> list[Violation]:
    """Every violation. `held` are the events left waiting on purpose, and the alarms meant to be raised."""
    waiting = frozenset(held)
    return [
        *lost(history, final),
        *doubled(history, final),
        *out_of_order(final, waiting),
        *illegal(final),
        *at_rest(final, waiting),
        *disagreeing(final),
        *dishonest(history, final),
    ]
