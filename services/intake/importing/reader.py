"""The reading process: one file from standard input, its rows as JSON to standard output, within bounds that the
kernel keeps. A file made to break its reader breaks this process only.

Run as `python -m services.intake.importing.reader BOUNDS`. It knows no address and no secret.
"""

import json
import resource
import sys
from typing import Any

from services.intake.importing import sheet_file, text_file
from services.intake.importing.table import Bounds, Collected, Refused

_ARCHIVE = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHERS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\0",
    b"MM\0*",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"MZ",
)
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<svg", b"{\\rtf")
"""What some systems save under the name of a spreadsheet."""


def main() -> None:
    bounds = Bounds(**json.loads(sys.argv[1]))
    _confine(bounds)
    answer: dict[str, Any]
    try:
        answer = {"lines": rows_of(sys.stdin.buffer.read(), bounds)}
    except Refused as refused:
        answer = {"refused": refused.code, "params": refused.params}
    except MemoryError:
        answer = {"refused": "import_unpacked", "params": {"most": bounds.unpacked_bytes}}
    except Exception:  # a damaged or hostile file makes the libraries raise anything
        answer = {"refused": "import_damaged", "params": {}}
    sys.stdout.write(json.dumps(answer))


def rows_of(content: bytes, bounds: Bounds) -> list[list[Any]]:
    """The rows of a file, by what it is and not by what it is called. Raises Refused."""
    collected = Collected(bounds)
    if content.startswith(_ARCHIVE):
        sheet_file.read(content, collected)
    elif content.startswith(_OLD_OFFICE):
        raise Refused("import_encrypted" if _ENCRYPTED in content else "import_old_excel")
    elif content.startswith(_OTHERS) or content[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise Refused("import_type")
    else:
        text_file.read(content, collected)
    return collected.document()


def _confine(bounds: Bounds) -> None:
    """So much memory and processor time, nothing written to any disk, no other process."""
    for kind, most in (
        (resource.RLIMIT_AS, bounds.memory_bytes),
        (resource.RLIMIT_CPU, bounds.seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main()
