"""Small files that are what they say, made here byte by byte, and some that are not."""

import io
import struct
import zipfile
import zlib


def pdf(padding: bytes = b"") -> bytes:
    """An empty page; `padding` makes it as large as wanted."""
    body = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    body += b"%" + padding + b"\n"
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 3>>\n"
    return body + table + b"startxref\n%d\n%%%%EOF\n" % len(body)


def png(width: int = 1, height: int = 1) -> bytes:
    """One white line at most, whatever the size it says it has."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(b"\0\xff")), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def jpeg(width: int = 8, height: int = 8) -> bytes:
    """The segments of a picture and a scan with everything that a reader must step over."""
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0" + frame + scan + b"\xff\xd9"


def archive() -> bytes:
    """A zip with one entry."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as zipped:
        zipped.writestr("run.js", "1")
    return memory.getvalue()


def pdf_and_archive() -> bytes:
    """A whole PDF that a reader of archives takes for a zip: the rest of the PDF is the comment of the zip."""
    zipped = archive()
    whole = pdf(zipped)
    rest = len(whole) - whole.index(zipped) - len(zipped)
    return pdf(zipped[:-2] + struct.pack("<H", rest))
