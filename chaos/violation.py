"""What the judge finds, and how it is told."""

from collections.abc import Sequence
from dataclasses import dataclass

_SHOWN = 12


@dataclass(frozen=True)
class Violation:
    """One broken promise, with what it was seen in."""

    invariant: str
    what: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.what}"


class Broken(AssertionError):
    """Invariants do not hold."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        more = len(violations) - _SHOWN
        shown = [str(violation) for violation in violations[:_SHOWN]] + ([f"and {more} more"] if more > 0 else [])
        super().__init__("\n".join(shown))
        self.violations = violations
