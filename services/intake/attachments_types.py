"""What an uploaded file really is, told by its content alone. Pure, and in time that grows with its size only.

Nothing is decompressed or drawn: the bytes must be one whole file of its type, from the first to the last.
"""

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable

from contracts.attachments import MediaType
from services.kit.problems import FieldError, Problem, invalid

_EXTENSIONS: dict[MediaType, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
}
_MOST_PIXELS = 100_000_000
"""An A4 page at 600 dpi has 35 million; a picture with far more is made to fill the memory of whoever opens it."""

_LONGEST_NAME = 120

_PDF_END = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF[\s\x00]*\Z")
_PDF_TABLE = re.compile(rb"\s*(?:xref\b|\d+\s+\d+\s+obj\b)")
_PDF_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def media_type_of(content: bytes) -> MediaType:
    """The type of a file that may be attached. Raises Problem 415 for any other type, 422 for one that is not whole."""
    if not content:
        raise _wrong("file_empty")
    for magic, media_type, check in _KNOWN:
        if content.startswith(magic):
            check(content)
            if zipfile.is_zipfile(io.BytesIO(content)):
                raise _wrong("file_ambiguous")
            return media_type
    raise Problem("file_type")


def clean_name(name: str, media_type: MediaType) -> str:
    """A name to save the file under: no folders, no control characters, and the extension of what it is."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip(" .")
    extensions = _EXTENSIONS[media_type]
    if kept.lower().endswith(extensions):
        kept, _, extension = kept.rpartition(".")
    else:
        extension = extensions[0][1:]
    return f"{kept[:_LONGEST_NAME].rstrip(' .') or 'plik'}.{extension}"


def _check_pdf(content: bytes) -> None:
    """Ends where its table of contents says it does, and opens without a password."""
    end = _PDF_END.search(content, max(0, len(content) - 2048))
    if end is None or not _PDF_TABLE.match(content, int(end[1])):
        raise _wrong("file_damaged")
    if _PDF_ENCRYPTED.search(content):
        raise _wrong("file_encrypted")


def _check_png(content: bytes) -> None:
    """Whole chunks with right checksums from IHDR to IEND, and nothing behind."""
    place, kind = 8, b""
    while kind != b"IEND":
        if len(content) < place + 12:
            raise _wrong("file_damaged")
        length, kind = struct.unpack_from(">I4s", content, place)
        end = place + 12 + length
        if (place == 8) != (kind == b"IHDR") or len(content) < end:
            raise _wrong("file_damaged")
        (checksum,) = struct.unpack_from(">I", content, end - 4)
        if zlib.crc32(memoryview(content)[place + 4 : end - 4]) != checksum:
            raise _wrong("file_damaged")
        if kind == b"IHDR":
            _check_size(*struct.unpack_from(">II", content, place + 8))
        place = end
    _check_end(content, place)


def _check_jpeg(content: bytes) -> None:
    """Segments and scans from the start of the picture to its end, and nothing behind."""
    place, framed = 2, False
    while (marker := _JPEG_MARKER.search(content, place)) is not None:
        code, place = marker[0][1], marker.end()
        if code == 0xD9:
            if not framed:
                break
            _check_end(content, place)
            return
        if code in (0x01, 0xD8):
            continue
        if len(content) < place + 7:
            break
        (length,) = struct.unpack_from(">H", content, place)
        if code in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", content, place + 3)
            _check_size(width, height)
            framed = True
        place += length
    raise _wrong("file_damaged")


def _check_size(width: int, height: int) -> None:
    if not 0 < width * height <= _MOST_PIXELS:
        raise _wrong("file_damaged")


def _check_end(content: bytes, end: int) -> None:
    """Some cameras fill up with zeros; anything else behind a picture is another file."""
    if content[end:].strip(b"\0"):
        raise _wrong("file_ambiguous")


def _wrong(code: str) -> Problem:
    return invalid(FieldError("file", code))


_KNOWN: tuple[tuple[bytes, MediaType, Callable[[bytes], None]], ...] = (
    (b"%PDF-", "application/pdf", _check_pdf),
    (b"\x89PNG\r\n\x1a\n", "image/png", _check_png),
    (b"\xff\xd8\xff", "image/jpeg", _check_jpeg),
)
