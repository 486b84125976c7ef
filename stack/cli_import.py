"""`sciezka import`: a list of referrals from a file, through the same interface that everybody else uses."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from stack.cli_options import VAR, Data, Json, print_json


def import_(
    node: Annotated[str, typer.Argument(help="Węzeł instytucji: ops, pup, cis albo owes.")],
    file: Annotated[Path, typer.Argument(help="Lista: CSV albo XLSX.")],
    agency: Annotated[str, typer.Option("--as", help="Instytucja, która kieruje, na przykład ops-poraj.")],
    mapping: Annotated[
        list[str] | None, typer.Option("--map", help="Kolumna=pole; samo „Kolumna=” ją pomija. Można powtarzać.")
    ] = None,
    values: Annotated[
        list[str] | None, typer.Option("--set", help="pole=wartość dla wszystkich wierszy. Można powtarzać.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tylko sprawdź; nic nie zostanie utworzone.")] = False,
    data: Data = VAR,
    as_json: Json = False,
) -> None:
    """Wczytaj skierowania z pliku; kod 1, gdy któryś wiersz trzeba poprawić."""
    from rich.console import Console

    from contracts.imports import NewImport
    from stack.importing import pairs, run
    from stack.importing_view import Bar, summary

    given = pairs(mapping or [])
    wanted = NewImport(
        mapping={name: field or None for name, field in given.items()}, values=pairs(values or []), dry_run=dry_run
    )
    console = Console(stderr=as_json)
    with Bar(console) as bar:
        done, bad_rows = run(data, node, agency, file, wanted, bar.tell)
    if as_json:
        print_json(done.model_dump(mode="json") | {"bad_rows": bad_rows and str(bad_rows)})
    else:
        console.print(summary(done, bad_rows))
    if done.state != "done" or done.bad:
        sys.exit(1)
