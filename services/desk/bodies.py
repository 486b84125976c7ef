"""The body of a form, read into memory and nowhere else: on the disk a file would lie in the clear."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from fastapi import HTTPException, Request
from starlette.datastructures import FormData
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from rules.limits import highest

_AROUND_FILES = 1_000_000
"""Bytes of a form beside its files."""

LARGEST = max(highest("attachments_bytes"), highest("import_bytes")) + _AROUND_FILES
"""Bytes of a form at most: with as many files as one case may have."""

_MOST_FILES = 10


async def form_of(request: Request, most_fields: int) -> FormData:
    """Fields and files. Raises HTTPException 413 for too large a form, 400 for what is none."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > LARGEST:
        raise HTTPException(413)
    async with aclosing(_bounded(request)) as stream:
        try:
            if kind == "application/x-www-form-urlencoded":
                return await FormParser(request.headers, stream, max_fields=most_fields).parse()
            if kind == "multipart/form-data":
                parser = MultiPartParser(request.headers, stream, max_files=_MOST_FILES, max_fields=most_fields)
                parser.spool_max_size = LARGEST
                return await parser.parse()
        except MultiPartException:
            raise HTTPException(400) from None
    return FormData()


async def _bounded(request: Request) -> AsyncGenerator[bytes, None]:
    read = 0
    async for chunk in request.stream():
        read += len(chunk)
        if read > LARGEST:
            raise HTTPException(413)
        yield chunk
