"""What a request may carry: how many bytes each route reads at most, and the one file of a form."""

import unicodedata
from collections.abc import Callable, Mapping

from starlette.datastructures import Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rules.limits import highest
from services.kit.files import File
from services.kit.problems import FieldError, Problem, invalid

LARGEST_BODY = highest("body_bytes")
"""Bytes that a route reads at most, unless it stands in `LARGER`."""

_AROUND_A_FILE = 10_000
"""Bytes of a form around its file: boundaries and headers of its parts."""

LARGER: Mapping[tuple[str, str], int] = {
    ("POST", "/api/v1/attachments"): highest("attachment_bytes") + _AROUND_A_FILE,
    ("POST", "/api/v1/referrals/import"): highest("import_bytes") + _AROUND_A_FILE,
    ("POST", "/api/v1/referrals/import/columns"): highest("import_bytes") + _AROUND_A_FILE,
}
"""Method and address of the routes that read more."""


def _most(scope: Scope) -> int:
    return LARGER.get((scope["method"], scope["path"]), LARGEST_BODY)


class TooLarge(HTTPException):
    """FastAPI lets an exception of this kind out of the reading of a body, and makes any other one a 400."""

    def __init__(self) -> None:
        super().__init__(413)


class BodyLimit:
    """Reads no more of a body than its route may have; what is announced as more is not read at all. Plain ASGI.

    `refuse` words the refusal of the latter: no exception handler of the application sees what happens out here.
    """

    def __init__(self, app: ASGIApp, refuse: Callable[[Request], ASGIApp]) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = _most(scope)
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced) > most:
            await self._refuse(Request(scope))(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise TooLarge
            return message

        await self._app(scope, counted, send)


async def file_of(request: Request) -> File:
    """The file in the field `file` of a form, the only one. Raises Problem 400, 415, 422, and TooLarge."""
    file, _ = await form_of(request)
    return file


async def form_of(request: Request, *names: str) -> tuple[File, dict[str, str]]:
    """The same, with the texts in those of these fields that the form has."""
    if not media_type(request).startswith("multipart/form-data"):
        raise Problem("not_a_form")
    parser = MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=len(names))
    parser.spool_max_size = _most(request.scope)  # never on the disk, where it would lie in the clear
    try:
        form = await parser.parse()
    except MultiPartException:
        raise Problem("malformed_form") from None
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise invalid(FieldError("file", "missing"))
        if form.keys() - {"file", *names}:
            raise Problem("malformed_form")
        texts = {name: value for name, value in form.items() if isinstance(value, str)}
        return File(_name_of(file), await file.read()), texts
    finally:
        await form.close()


def _name_of(file: UploadFile) -> str:
    """The sender's name for a file, without invisible characters. Starlette takes a name that is not UTF-8 for Latin-1;
    programs of Polish offices write CP-1250."""
    name = file.filename or ""
    try:
        file.headers["content-disposition"].encode("latin-1").decode()
    except UnicodeDecodeError:
        name = name.encode("latin-1", "replace").decode("cp1250", "replace")
    return "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")


def media_type(request: Request) -> str:
    """The type a body is said to have, in small letters and without parameters; empty when nothing is said."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def is_json(request: Request) -> bool:
    """Whether a body is said to be JSON."""
    said = media_type(request)
    return said == "application/json" or (said.startswith("application/") and said.endswith("+json"))
