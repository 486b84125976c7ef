"""How much the nodes compute while they can do nothing: little, or they spin."""

import time

import psutil

from chaos.running import Running


class Load:
    """Measures from its making on. Shares of one core."""

    def __init__(self, running: Running) -> None:
        parts = [part for part in running.record.parts if part.name not in ("postgres", "nats", "temporal", "zygote")]
        self._nodes = {part.name: psutil.Process(part.pid) for part in parts}
        self._begun = time.monotonic()
        self._before = {name: _seconds(process) for name, process in self._nodes.items()}

    def shares(self) -> dict[str, float]:
        """By node. Raises psutil.NoSuchProcess when one has died."""
        elapsed = time.monotonic() - self._begun
        return {name: (_seconds(process) - self._before[name]) / elapsed for name, process in self._nodes.items()}

    def require_idle(self, share: float) -> None:
        """Raises AssertionError for a node that computes more than this."""
        busy = {name: round(found, 2) for name, found in self.shares().items() if found > share}
        assert not busy, f"busy while waiting: {busy}"


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
