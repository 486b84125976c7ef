"""The landing page: which institutions are here and where each one's interface is. Tells nothing about any person."""

from html import escape

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from contracts.directory import Directory
from services.kit.settings import Settings

_STYLE = """
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: #1d1d1f }
h1 { margin-bottom: 0 } h2 { margin: 2rem 0 .3rem } p.lead { margin-top: .2rem; color: #444 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .35rem .8rem .35rem 0;
border-bottom: 1px solid #ccc } a { color: #0b4f9e } .training { background: #fff3cd; padding: .6rem .9rem }
"""

_KINDS = {"ops": "OPS", "pup": "PUP", "cis": "CIS", "kis": "KIS", "owes": "OWES"}


def add_landing(app: FastAPI, settings: Settings, directory: Directory) -> None:
    """Add the page at `/`. The nodes answer on the ports that follow its own, in the order of the directory."""

    @app.get("/", include_in_schema=False)
    async def landing(request: Request) -> HTMLResponse:
        policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        return HTMLResponse(
            page(directory, request.url.hostname or "", request.url.port or 80, settings.training), headers=policy
        )


def page(directory: Directory, host: str, port: int, training: bool) -> str:
    """The page as HTML."""
    nodes = "".join(
        _node(directory, node, f"http://{host}:{port + place}") for place, node in enumerate(directory.nodes, start=1)
    )
    warning = (
        '<p class="training">Środowisko szkoleniowe: tylko zmyślone osoby. <span lang="en">Training environment: '
        "invented people only.</span></p>"
        if training
        else ""
    )
    return f"""<!doctype html>
<html lang="pl">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ścieżka</title><style>{_STYLE}</style></head>
<body><main>
<h1>Ścieżka</h1>
<p class="lead">Wspólna droga klienta przez instytucje, które mu pomagają.<br>
<span lang="en">One shared path for a client whom several institutions help.</span></p>
{warning}{nodes}
</main></body>
</html>
"""


def _node(directory: Directory, node: str, address: str) -> str:
    rows = "".join(
        f"<tr><td>{_KINDS[agency.kind]}</td><td>{escape(agency.name)}</td><td><code>{agency.slug}</code></td></tr>"
        for agency in directory.agencies
        if agency.node == node
    )
    return f"""<h2>Węzeł {node}</h2>
<p><a href="{escape(address)}/docs">API</a> · <a href="{escape(address)}/asyncapi">zdarzenia (AsyncAPI)</a></p>
<table><thead><tr><th>Rodzaj</th><th>Instytucja</th><th>Skrót</th></tr></thead><tbody>{rows}</tbody></table>"""
