"""The table of faults in docs/reliability.md, written by the run itself between two markers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"
_INVARIANTS = ("I1", "I2", "I5", "I6", "I7", "I10", "I12")


@dataclass(frozen=True)
class Result:
    """One run of one fault. `broken` are the invariants that did not hold, `failure` is what else went wrong."""

    fault: str
    seconds: float
    recovery: float | None
    broken: tuple[str, ...] = ()
    failure: str = ""

    @property
    def passed(self) -> bool:
        return self.recovery is not None


def table(done: Mapping[str, str], results: Sequence[Result]) -> str:
    """A row for each fault, in the order of `done`, which tells what is done to the system."""
    lines = [
        f"| Fault | What is done | {' | '.join(_INVARIANTS)} | Passed | Slowest recovery |",
        f"| --- | --- | {' | '.join('---' for _ in _INVARIANTS)} | --- | --- |",
    ]
    for fault, what in done.items():
        runs = [result for result in results if result.fault == fault]
        cells = [_cell(invariant, runs) for invariant in _INVARIANTS]
        passed = f"{sum(run.passed for run in runs)} of {len(runs)}" if runs else "not run"
        slowest = max((run.recovery for run in runs if run.recovery is not None), default=None)
        recovery = "" if slowest is None else f"{slowest:.1f} s"
        lines.append(f"| {fault} | {what} | {' | '.join(cells)} | {passed} | {recovery} |")
    return "\n".join(lines)


def _cell(invariant: str, runs: Sequence[Result]) -> str:
    """How many runs held it, of those that came to be judged."""
    judged = [run for run in runs if run.passed or run.broken]
    held = sum(invariant not in run.broken for run in judged)
    return f"{held}/{len(judged)}" if judged else "–"


def renewed(old: str, new: str) -> str:
    """The old text, with the new rows in place of those of the same faults, and what else begins alike."""
    lines = {_subject(line): line for line in new.splitlines()}
    return "\n".join(lines.get(_subject(line), line) for line in old.splitlines())


def _subject(line: str) -> str:
    return line.split("|")[1] if line.startswith("|") else line.partition(":")[0]


def written(document: Path) -> str:
    """What stands between the markers. Raises ValueError when the document has none."""
    return _parts(document)[1].strip()


def write(document: Path, text: str) -> None:
    """Put this between the markers. Raises ValueError when the document has none."""
    before, _, after = _parts(document)
    document.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def _parts(document: Path) -> tuple[str, str, str]:
    before, _, rest = document.read_text(encoding="utf-8").partition(BEGIN)
    found, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{document} has no place for the table")
    return before, found, after
