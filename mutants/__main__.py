"""`make mutants`: break the code in every way of the catalogue, one at a time, and see the tests notice.

First the healthy code must pass the same tests; then each mutant must fail them. Exit code 1 when one lives on.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from mutants.catalogue import Mutant, catalogue

ROOT = Path(__file__).parent.parent
BUILT = "services/desk/built"
AT_ONCE = 2
PATIENCE_SECONDS = 300
PASSED, FAILED = 0, 1
"""Exit codes of pytest; any other tells that the tests did not run."""


@dataclass(frozen=True)
class Outcome:
    """What the tests said of one build."""

    code: int | None
    seconds: float
    last_line: str

    @property
    def caught(self) -> bool:
        """A build that hangs is caught as well: `code` is None."""
        return self.code in (FAILED, None)


async def main(wanted: Collection[str]) -> int:
    mutants = [mutant for mutant in catalogue() if not wanted or mutant.name in wanted]
    healthy = await _try(None, dict.fromkeys(test for mutant in mutants for test in mutant.tests))
    if healthy.code != PASSED:
        print(f"the healthy code does not pass: {healthy.last_line}", file=sys.stderr)
        return 1
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(mutant: Mutant) -> Outcome:
        async with turn:
            return await _try(mutant, mutant.tests)

    outcomes = await asyncio.gather(*(one(mutant) for mutant in mutants))
    table = Table("Mutant", "Caught", "Seconds", "Last line")
    for mutant, outcome in zip(mutants, outcomes, strict=True):
        table.add_row(mutant.name, "yes" if outcome.caught else "NO", f"{outcome.seconds:.0f}", outcome.last_line)
    Console().print(table)
    return 0 if all(outcome.caught for outcome in outcomes) else 1


async def _try(mutant: Mutant | None, tests: Iterable[str]) -> Outcome:
    """Run these tests in a copy of the tree, broken or not."""
    with tempfile.TemporaryDirectory(prefix="sciezka-mutant-") as name:
        tree = Path(name)
        _copy(tree)
        if mutant is not None:
            mutant.infect(tree)
        begun = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests,
            cwd=tree, env=os.environ | {"PYTHONPATH": name},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            output, _ = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
        except TimeoutError:
            os.killpg(process.pid, 9)
            return Outcome(None, time.monotonic() - begun, "no end")
        lines = output.decode(errors="replace").strip().splitlines()
        return Outcome(process.returncode, time.monotonic() - begun, lines[-1] if lines else "")


def _copy(tree: Path) -> None:
    """The files under version control, as they are now, and what was built from them for the pages."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    for file in listed.stdout.decode().split("\0"):
        if file and (ROOT / file).is_file():
            (tree / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, tree / file)
    shutil.copytree(ROOT / BUILT, tree / BUILT)


sys.exit(asyncio.run(main(sys.argv[1:])))
