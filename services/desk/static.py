"""What pages are made of besides themselves: styles, scripts, font, signs. Built at set-up (`.ci/assets`), read once.

An address holds the hash of the whole build, so a browser keeps what it has for good and asks again after an upgrade.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from mimetypes import guess_type

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

PREFIX = "/assets"
_KEEP = "public, max-age=31536000, immutable"
_TEXT = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


class NotBuilt(RuntimeError):
    """There is nothing to serve: `make install` has not been run in this tree."""


@dataclass(frozen=True)
class Asset:
    """`packed`: the same by gzip, None where that saves nothing."""

    media_type: str
    body: bytes
    packed: bytes | None


@dataclass(frozen=True)
class Build:
    """Everything that is served, by name."""

    stamp: str
    assets: dict[str, Asset]

    def address(self, name: str) -> str:
        """Where a page finds it. Raises KeyError when there is no such thing."""
        if name not in self.assets:
            raise KeyError(name)
        return f"{PREFIX}/{self.stamp}/{name}"


@cache
def build() -> Build:
    """The build of this tree. Raises NotBuilt."""
    folder = files("services.desk").joinpath("built")
    stamp = folder.joinpath("stamp")
    if not stamp.is_file():
        raise NotBuilt("services/desk/built is missing: run `make install`")
    name = stamp.read_text(encoding="ascii").strip()
    bodies = {each.name: each.read_bytes() for each in folder.joinpath(name).iterdir()}
    plain = {name: body for name, body in bodies.items() if not name.endswith(".gz")}
    return Build(name, {each: Asset(_media_type(each), body, bodies.get(f"{each}.gz")) for each, body in plain.items()})


def _media_type(name: str) -> str:
    suffix = name[name.rindex(".") :]
    return _TEXT.get(suffix) or guess_type(name)[0] or "application/octet-stream"


router = APIRouter(prefix=PREFIX)


@router.get("/{stamp}/{name}")
async def asset(request: Request, stamp: str, name: str) -> Response:
    """One of them, of this build only: an old address has another content."""
    served = build()
    found = served.assets.get(name) if stamp == served.stamp else None
    if found is None:
        raise HTTPException(404)
    headers = {"Cache-Control": _KEEP, "Vary": "Accept-Encoding"}
    if found.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=found.media_type)
    return Response(found.body, headers=headers, media_type=found.media_type)
