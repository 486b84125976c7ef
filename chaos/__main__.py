"""All faults, then the flood: `make chaos`, or `python -m chaos [FAULT … | flood] [--report]`.

The flood runs alone, when nothing else does. `--report` writes what was found into docs/reliability.md, before the
flood and after it; when faults are named, it renews only what they are about. Exit code 1 when an invariant did not
hold.
"""

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from chaos import flood
from chaos.faults.every import FAULTS
from chaos.report import renewed, table, write, written
from chaos.rounds import Rounds, say
from chaos.violation import Broken

_FLOOD = "flood"
_DOCUMENT = Path(__file__).parent.parent / "docs" / "reliability.md"


async def main(wanted: Sequence[str], report: bool) -> int:
    if unknown := set(wanted) - {*FAULTS, _FLOOD}:
        raise SystemExit(f"No such fault: {', '.join(sorted(unknown))}")
    begun = time.monotonic()
    chosen = [fault for name, fault in FAULTS.items() if not wanted or name in wanted]
    rounds = Rounds()
    await rounds.run(chosen)
    held = all(result.passed for result in rounds.results)
    text = table({fault.id: fault.done for fault in chosen}, rounds.results)
    if not wanted or _FLOOD in wanted:
        if report and not wanted:
            write(_DOCUMENT, text)
        what, drained = await _flood()
        held = held and drained
        text += f"\n\n{what}"
    if not wanted:
        text += f"\n\nThe whole run: {(time.monotonic() - begun) / 60:.0f} minutes on {os.cpu_count()} cores."
    print(text)
    if report:
        write(_DOCUMENT, renewed(written(_DOCUMENT), text) if wanted else text)
    return 0 if held else 1


async def _flood() -> tuple[str, bool]:
    """What came of it, and whether all was well."""
    say(_FLOOD)
    try:
        return str(await flood.run()), True
    except (Broken, TimeoutError) as error:
        return f"Flood: {type(error).__name__}: {error}", False


words = sys.argv[1:]
sys.exit(asyncio.run(main([word for word in words if not word.startswith("--")], "--report" in words)))
