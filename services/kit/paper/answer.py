"""A letter as an answer over HTTP: shown in the browser, kept by nobody, under a name that tells of no person."""

from collections.abc import Mapping

from fastapi import Response

_HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


def called(name: str) -> str:
    """The disposition. `name`: what it is and the number of the case, in letters that need no quoting."""
    return f'inline; filename="{name}.pdf"'


def pdf_answer(document: bytes, disposition: str) -> Response:
    headers = {**_HEADERS, "Content-Disposition": disposition}
    return Response(document, media_type="application/pdf", headers=headers)
