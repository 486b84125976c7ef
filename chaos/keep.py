"""What a system that broke leaves to look at: its logs and the clients' history. Only made-up people are in there."""

import shutil
from pathlib import Path

from chaos.system import System

_FOLDER = Path(__file__).parent.parent / "var" / "chaos"


def keep(system: System, fault: str) -> Path:
    """Copy it; where to. What an earlier run of the fault left is gone."""
    folder = _FOLDER / fault
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(system.data / "logs", folder)
    for file in (system.running.log, system.data / "history.jsonl"):
        shutil.copy(file, folder)
    return folder
