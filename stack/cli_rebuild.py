"""`sciezka rebuild`: the lists of work of a node, or the workflows of all paths, made anew."""

import asyncio
from typing import Annotated

import typer

from stack.cli_options import VAR, Data, Json, print_json


def rebuild(
    node: Annotated[
        str, typer.Argument(help="Węzeł instytucji: ops, pup, cis albo owes; path: przebiegi ścieżek w Temporalu.")
    ],
    data: Data = VAR,
    as_json: Json = False,
) -> None:
    """Zbuduj od nowa listy spraw węzła albo przebiegi otwartych ścieżek; wszystko działa w tym czasie dalej."""
    from rich.console import Console

    from stack.environment import export
    from stack.rebuilding import run

    export(data)
    console = Console(stderr=as_json)
    with console.status("Wczytywanie spraw") as status:
        done = asyncio.run(run(data, node, lambda agency, items: status.update(f"{agency}: {items}")))
    if as_json:
        print_json(done)
    else:
        for agency, items in done.items():
            console.print(f"{agency}: {items}")
