"""`python -m contracts.snapshot`: keeps the schema of every new event version beside the code, once and for all.

The one module here that touches files, and nothing imports it at run time. A snapshot that exists is never overwritten:
after a compatible change delete it by hand and let the review see the difference.
"""

import json
import sys
from pathlib import Path

from contracts.compatibility import breaking
from contracts.events import REGISTRY, Event

FOLDER = Path(__file__).parent / "snapshots"


def snapshot_path(kind: str, folder: Path = FOLDER) -> Path:
    return folder / f"{kind}.schema.json"


def read_snapshot(kind: str, folder: Path = FOLDER) -> dict[str, object]:
    """The schema under which events of this type were promised. Raises FileNotFoundError."""
    schema: dict[str, object] = json.loads(snapshot_path(kind, folder).read_text(encoding="utf-8"))
    return schema


def write_missing(registry: dict[str, type[Event]], folder: Path = FOLDER) -> list[str]:
    """Write the snapshots of types that have none; which these were. Raises OSError."""
    missing = [kind for kind in registry if not snapshot_path(kind, folder).exists()]
    for kind in missing:
        with snapshot_path(kind, folder).open("x", encoding="utf-8") as file:
            json.dump(registry[kind].model_json_schema(), file, ensure_ascii=False, indent=2)
            file.write("\n")
    return missing


def different(registry: dict[str, type[Event]], folder: Path = FOLDER) -> dict[str, list[str]]:
    """The types whose schema is not their snapshot, each with what the difference would break."""
    found = {}
    for kind, model in registry.items():
        promised, schema = read_snapshot(kind, folder), model.model_json_schema()
        if promised != schema:
            found[kind] = breaking(promised, schema)
    return found


def main() -> int:
    """Write, tell, and fail when a schema differs from what was promised."""
    for kind in write_missing(REGISTRY):
        sys.stdout.write(f"zapisano / written: {kind}\n")
    changed = different(REGISTRY)
    for kind, reasons in changed.items():
        advice = (
            f"publish a v2: {'; '.join(reasons)}" if reasons else "compatible: delete the snapshot and run this again"
        )
        sys.stderr.write(f"zmieniono, nie nadpisuję / changed, not overwritten: {kind}: {advice}\n")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
