"""Every fault on a system of its own, then the flood: `make chaos`, or `python -m chaos [FAULT …] [--report]`.

The long ones, which mostly wait, run beside the others; the flood runs alone, when nothing else does. `--report` writes
the table into docs/reliability.md. Exit code 1 when an invariant did not hold.
"""

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from chaos import flood
from chaos.faults.every import FAULTS
from chaos.faults.fault import Fault
from chaos.report import Result, table, write
from chaos.system import Broken

_ROOT = Path(__file__).parent.parent
_DOCUMENT = _ROOT / "docs" / "reliability.md"


async def main(wanted: Sequence[str]) -> int:
    chosen = [FAULTS[name] for name in wanted] or list(FAULTS.values())
    beside = [asyncio.create_task(_run(fault)) for fault in chosen if fault.long]
    results = [await _run(fault) for fault in chosen if not fault.long]
    results += await asyncio.gather(*beside)
    text = table({fault.id: fault.done for fault in chosen}, results)
    held = all(result.passed for result in results)
    if not wanted:
        try:
            text += f"\n\n{await flood.run()}"
        except Broken as broken:
            held = False
            text += f"\n\nFlood: BROKEN\n\n{broken}"
    print(text)
    if "--report" in sys.argv:
        write(_DOCUMENT, text)
    return 0 if held else 1


async def _run(fault: Fault) -> Result:
    """One fault on a fresh system. What goes wrong is told, and the others go on."""
    begun = time.monotonic()
    try:
        async with fault.start() as system:
            recovery = await fault.disturb(system)
    except Broken as broken:
        invariants = tuple(sorted({violation.invariant for violation in broken.violations}))
        _say(fault, f"BROKEN\n{broken}")
        return Result(fault.id, time.monotonic() - begun, None, invariants)
    except Exception as error:
        _say(fault, f"FAILED: {type(error).__name__}: {error}")
        return Result(fault.id, time.monotonic() - begun, None, failure=type(error).__name__)
    seconds = time.monotonic() - begun
    _say(fault, f"held, at rest after {recovery:.1f} s ({seconds:.0f} s in all)")
    return Result(fault.id, seconds, recovery)


def _say(fault: Fault, what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {fault.id}: {what}", file=sys.stderr, flush=True)


sys.exit(asyncio.run(main([word for word in sys.argv[1:] if not word.startswith("--")])))
