"""From a letter to its PDF, in a process of its own that may use so much time and memory and no more.

What people typed decides how large a letter becomes, and typst keeps in memory what it has set before. A process that
ends after one letter is bounded in both and leaves nothing of anybody behind; it begins in 20 ms.
"""

import asyncio
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from importlib.resources import as_file, files
from typing import Any

from services.kit.paper.printable import printable
from services.kit.paper.sheet import Sheet, day_in_words

SECONDS = 10.0
"""How long a letter may take: a hundred times as long as one of two pages does."""

_HANDS = ThreadPoolExecutor(2, thread_name_prefix="press")
"""At most two letters at a time; more wait."""


class NotPrinted(Exception):
    """A letter could not be made. The text tells nothing of what is in it."""


async def pdf(sheet: Sheet) -> bytes:
    """The letter as PDF/UA-1. Raises NotPrinted."""
    return await asyncio.get_running_loop().run_in_executor(_HANDS, _printed, sheet)


def _printed(sheet: Sheet) -> bytes:
    told = json.dumps(_settable(asdict(sheet)) | {"dated": day_in_words(sheet.day)}, ensure_ascii=False, default=str)
    with as_file(files(__package__)) as folder:
        command = (sys.executable, "-I", str(folder / "typesetter.py"))
        try:
            done = subprocess.run(command, input=told.encode(), capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise NotPrinted("the letter took too long") from None
    if done.returncode != 0:
        raise NotPrinted(f"the typesetter ended with {done.returncode}")
    return done.stdout


def _settable(told: Any) -> Any:
    """The same with every text as it can be set."""
    match told:
        case str():
            return printable(told)
        case dict():
            return {name: _settable(value) for name, value in told.items()}
        case list() | tuple():
            return [_settable(value) for value in told]
        case _:
            return told
