"""The landing page: the desks of all nodes, and on a training stack the invented people who may sign in there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, StrictUndefined, Template

from contracts.directory import Agency, Directory
from rules.roles import roles
from services.desk.static import build
from services.desk.static import router as static
from services.kit.settings import Settings
from stack.credentials import Credentials, credentials_path, read_credentials
from stack.nodes import institutions, ports_of

_KINDS = {"ops": "OPS", "pup": "PUP", "cis": "CIS", "kis": "KIS", "owes": "OWES"}
_LEAST = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Demo(NamedTuple):
    """An invented person of a training stack."""

    name: str
    label: str
    login: str
    password: str


@dataclass(frozen=True)
class DeskOfNode:
    """The desk of one node, its institutions with their people."""

    node: str
    address: str
    kinds: Sequence[str]
    agencies: Sequence[tuple[Agency, Sequence[Demo]]]


def add_landing(app: FastAPI, settings: Settings, directory: Directory) -> None:
    """Add the page at `/`, and what it is made of. The nodes answer on the ports that follow its own."""
    app.include_router(static)

    @app.get("/", include_in_schema=False)
    async def landing(request: Request) -> HTMLResponse:
        people = _people(settings)
        shown = desks(directory, request.url.hostname or "", request.url.port or 80, people)
        forms = " ".join(desk.address for desk in shown) if people else "'none'"
        headers = {"Content-Security-Policy": f"{_LEAST}; form-action {forms}", "Referrer-Policy": "no-referrer"}
        return HTMLResponse(page(shown, settings.training), headers=headers | {"Cache-Control": "no-store"})


def page(shown: Sequence[DeskOfNode], training: bool) -> str:
    """The page as HTML."""
    return _template().render(desks=shown, training=training, asset=build().address)


def desks(directory: Directory, host: str, port: int, people: Credentials) -> list[DeskOfNode]:
    """The desks in the order of their ports."""
    ports = ports_of(directory, port)
    return [_desk(directory, node, f"http://{host}:{ports[node]}", people) for node in institutions(ports)]


def _desk(directory: Directory, node: str, address: str, people: Credentials) -> DeskOfNode:
    here = [agency for agency in directory.agencies if agency.node == node]
    kinds = tuple(dict.fromkeys(_KINDS[agency.kind] for agency in here))
    return DeskOfNode(node, address, kinds, [(each, tuple(_demo(people.get(each.slug, {})))) for each in here])


def _demo(entry: Mapping[str, Any]) -> Iterator[Demo]:
    for user in entry.get("users", ()):
        yield Demo(user["name"], roles()[user["role"]].wording["pl"], user["login"], user["password"])


def _people(settings: Settings) -> Credentials:
    """Whom to name: nobody, unless nobody here is real."""
    if not settings.training or not credentials_path(settings.data).exists():
        return {}
    return read_credentials(settings.data)


@cache
def _template() -> Template:
    text = files("stack").joinpath("landing.html").read_text(encoding="utf-8")
    templates = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return templates.from_string(text)
