"""`sciezka directory`: the directory of institutions as the person who edits it sees it."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from stack.cli_options import VAR, Data, Json, print_json

directory = typer.Typer(help="Spis instytucji.", no_args_is_help=True)


@directory.callback()
def _group() -> None:
    """A group of one command would else be that command itself."""


@directory.command("check")
def check(
    file: Annotated[Path | None, typer.Argument(help="Plik; bez niego spis z katalogu danych.")] = None,
    data: Data = VAR,
    as_json: Json = False,
) -> None:
    """Sprawdź spis: każdy błąd z numerem wiersza i radą; kod 1, gdy jest choć jeden."""
    from stack.directory_check import examine
    from stack.institutions import counted, directory_path, directory_text

    path = file or directory_path(data)
    found, findings = examine(directory_text(path))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            print(f"{path.name}, wiersz {finding.line}: {finding.sentence} {finding.remedy}")
    if found is None:
        raise typer.Exit(1)
    if not as_json:
        print(f"Spis jest poprawny: {counted(found)}.")
