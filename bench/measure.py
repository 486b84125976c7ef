"""Numbers: percentiles, and what the processes of a stack cost: memory and processor time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles

import psutil

from stack.record import PartRecord


@dataclass(frozen=True)
class Latency:
    """Milliseconds at the middle and at the slow end."""

    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Latency":
        """Raises statistics.StatisticsError for fewer than two measurements."""
        cuts = quantiles(seconds, n=100)
        return cls(p50=cuts[49] * 1000, p95=cuts[94] * 1000, p99=cuts[98] * 1000)


def tree_pss(pid: int) -> int:
    """Bytes of memory that would be free again without this process and its descendants."""
    root = psutil.Process(pid)
    total: int = 0
    for process in (root, *root.children(recursive=True)):
        total += process.memory_full_info().pss
    return total


def cpu_seconds(parts: Sequence[PartRecord]) -> dict[str, float]:
    """Processor time used so far by each part, with the processes that it started; nodes by themselves."""
    spent: dict[str, float] = {}
    nodes = {part.pid for part in parts}
    for part in parts:
        root = psutil.Process(part.pid)
        family = [root, *(child for child in root.children(recursive=True) if child.pid not in nodes)]
        spent[part.name] = sum(_used(process) for process in family)
    return spent


def cpu_ms_each(before: Mapping[str, float], after: Mapping[str, float], count: int) -> dict[str, float]:
    """Milliseconds of each part for one of `count` things done meanwhile, the dearest part first."""
    spent = {name: (after[name] - before[name]) / count * 1000 for name in after}
    return dict(sorted(spent.items(), key=lambda item: -item[1]))


def _used(process: psutil.Process) -> float:
    """Its own and that of its children that have ended."""
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)
