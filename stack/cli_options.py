"""What the commands have in common."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

Data = Annotated[Path, typer.Option("--data", envvar="SCIEZKA_DATA", help="Katalog danych.")]
Json = Annotated[bool, typer.Option("--json", help="Wypisz JSON.")]
Reason = Annotated[str, typer.Option("--reason", help="Dlaczego; zostaje zapisane.")]
VAR = Path("var")


def print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))
