"""`sciezka rebuild`: the lists of work of a node, or the workflows of all paths, made anew."""

import asyncio
import sys
from typing import Annotated

import typer

from stack.cli_options import VAR, Data, Json, print_json

_WORDS = {"compared": "porównane ścieżki", "rebuilt": "odbudowane przebiegi"}


def rebuild(
    node: Annotated[
        str, typer.Argument(help="Węzeł instytucji: ops, pup, cis albo owes; path: przebiegi ścieżek w Temporalu.")
    ],
    data: Data = VAR,
    as_json: Json = False,
) -> None:
    """Zbuduj od nowa listy spraw węzła albo przebiegi otwartych ścieżek; wszystko działa w tym czasie dalej."""
    import structlog
    from rich.console import Console

    from stack.environment import export
    from stack.rebuilding import run

    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # the answer alone is for a pipe
    export(data)
    console = Console(stderr=as_json)
    with console.status("Odczyt") as status:
        done = asyncio.run(run(data, node, lambda what, count: status.update(f"{_WORDS.get(what, what)}: {count}")))
    if as_json:
        print_json(done)
    else:
        for what, count in done.items():
            console.print(f"{_WORDS.get(what, what)}: {count}")
