"""Numbers: percentiles, memory of a process tree, and a clock that measures only."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

import psutil


@dataclass(frozen=True)
class Latency:
    """Milliseconds at the middle and at the slow end."""

    p50: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Latency":
        """Raises statistics.StatisticsError for fewer than two measurements."""
        cuts = quantiles(seconds, n=100)
        return cls(p50=cuts[49] * 1000, p99=cuts[98] * 1000)


def tree_pss(pid: int) -> int:
    """Bytes of memory that would be free again without this process and its descendants."""
    root = psutil.Process(pid)
    total: int = 0
    for process in (root, *root.children(recursive=True)):
        total += process.memory_full_info().pss
    return total
