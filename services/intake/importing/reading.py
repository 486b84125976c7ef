"""Reading a file in a process of its own: what it costs is bounded, and other institutions notice nothing."""

import asyncio
import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import date

from rules.limits import limit
from services.intake.importing.table import Bounds, Line
from services.kit.problems import Problem

_PROGRAM = (sys.executable, "-m", "services.intake.importing.reader")


def bounds(today: date) -> Bounds:
    """The bounds in force on this day."""
    return Bounds(**{name: limit(f"import_{name}", today) for name in Bounds.__dataclass_fields__})


async def read(content: bytes, within: Bounds) -> list[Line]:
    """The rows of a CSV or XLSX file that are not empty, the header among them. Raises Problem 413, 415, 422."""
    try:
        answer = json.loads(await _output(content, within))
    except ValueError:  # it was ended by one of its bounds
        raise Problem("import_unpacked", most=within.unpacked_bytes) from None
    if "refused" in answer:
        raise Problem(answer["refused"], **answer["params"])
    return [Line(*line) for line in answer["lines"]]


async def _output(content: bytes, within: Bounds) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *_PROGRAM,
        json.dumps(asdict(within)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # a traceback may quote the file
        env={"PYTHONPATH": os.pathsep.join(sys.path)},  # not ours: there the passwords are
    )
    try:
        async with asyncio.timeout(within.seconds * 2):  # its own bound counts the time it runs, this one also waits
            output, _ = await process.communicate(content)
    except TimeoutError:
        return b""
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    return output
