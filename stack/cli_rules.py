"""`sciezka rules`: the rules of deadlines, and changing them while cases are under way."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from stack.cli_options import VAR, Data, Json, print_json

rules = typer.Typer(help="Reguły terminów: co obowiązuje i co przesunęłaby zmiana.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="Plik lokalny z regułami (TOML). Zastępuje poprzedni plik lokalny.")]
Rows = Annotated[int, typer.Option("--rows", min=1, help="Ile terminów wypisać po kolei.")]
_ROWS = 20
_LATELY = 100


@rules.command("list")
def list_rules(
    day: Annotated[
        datetime | None, typer.Option("--day", formats=["%Y-%m-%d"], help="Na jaki dzień; bez tego dzisiaj.")
    ] = None,
    data: Data = VAR,
    as_json: Json = False,
) -> None:
    """Wypisz reguły, które obowiązują w danym dniu: długość, rodzaj i podstawę."""
    from rich.console import Console

    from rules.book import shipped
    from rules.calendar import local_day
    from stack.environment import export
    from stack.errors import StackError
    from stack.rules_view import rules_table
    from stack.ruling import in_force

    note = ""
    try:
        export(data)
        book = asyncio.run(in_force(data))
    except StackError as error:
        book, note = shipped(), f"{error.sentence} To są reguły tego wydania, bez pliku lokalnego."
    found = book.rules_in_force(day.date() if day else local_day(datetime.now(UTC)))
    if as_json:
        print_json([rule.model_dump(mode="json") for rule in found])
        return
    Console().print(rules_table(found))
    print(note or f"Wersja reguł: {book.version}")


@rules.command("check")
def check_rules(file: File) -> None:
    """Sprawdź plik; kod 1 z wierszem i radą, gdy coś w nim jest nie tak."""
    from stack.ruling import read_file

    _, book = read_file(file)
    print(f"Plik jest poprawny. Wersja reguł: {book.version}")


@rules.command("diff")
def diff_rules(file: File, rows: Rows = _ROWS, data: Data = VAR, as_json: Json = False) -> None:
    """Pokaż, które terminy plik by przesunął. Niczego nie zmienia."""
    from rich.console import Console

    from stack.environment import export
    from stack.rules_view import document, moved_list
    from stack.ruling import diff

    export(data)
    book, found = asyncio.run(diff(data, file))
    if as_json:
        print_json(document(book.version, found))
    else:
        Console().print(moved_list(found, rows))


@rules.command("apply")
def apply_rules(file: File, rows: Rows = _ROWS, data: Data = VAR, as_json: Json = False) -> None:
    """Wprowadź plik w życie i przelicz każdy biegnący termin, każdy raz; wypisz, co się przesunęło i dlaczego."""
    from rich.console import Console

    from stack.environment import export
    from stack.rules_view import document, moved_list
    from stack.ruling import apply

    export(data)
    console = Console(stderr=as_json)
    with console.status("Przeliczanie terminów") as status:
        done = asyncio.run(apply(data, file, lambda remaining: status.update(f"Do przeliczenia: {remaining}")))
    if as_json:
        print_json(document(done.version, done.moved, new=done.new))
    elif done.new:
        console.print(moved_list(done.moved, rows))
        console.print(f"Obowiązują reguły w wersji {done.version}.")
    else:
        console.print(f"Te reguły już obowiązują (wersja {done.version}). Niczego nie zmieniono.")


@rules.command("moved")
def moved_rules(
    most: Annotated[int, typer.Option("--limit", min=1, help="Ile najwyżej.")] = _LATELY,
    data: Data = VAR,
    as_json: Json = False,
) -> None:
    """Wypisz terminy przesunięte ostatnio: był, jest, dlaczego."""
    from rich.console import Console

    from stack.environment import export
    from stack.rules_view import moved_table
    from stack.ruling import moved

    export(data)
    found = asyncio.run(moved(data, most))
    if as_json:
        print_json([each.model_dump(mode="json") for each in found])
    else:
        Console().print(moved_table(found) if found else "Żadnego terminu nie przesunięto.")
