"""Files of keys under `<data>/keys`: written whole or not at all, readable by their owner only."""

import json
import os
from pathlib import Path
from typing import Any


def key_file(data: Path, name: str) -> Path:
    return data / "keys" / f"{name}.json"


def read_keys(path: Path) -> dict[str, Any]:
    """Raises FileNotFoundError."""
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def write_keys(path: Path, content: Any) -> None:
    """Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
