"""`sciezka deadletters` and `sciezka alarms`: what waits for a person."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

import typer
from pydantic import BaseModel

from stack.cli_options import VAR, Data, Json, Reason, print_json

deadletters = typer.Typer(help="Zdarzenia, których nie udało się obsłużyć.", no_args_is_help=True)
alarms = typer.Typer(help="Alarmy łączy: oba końce mówią co innego.", no_args_is_help=True)

M = TypeVar("M", bound=BaseModel)
Letter = Annotated[str, typer.Argument(help="Identyfikator z listy.")]


def _show(found: Sequence[M], table: Callable[[Sequence[M]], Any], as_json: bool) -> None:
    from rich.console import Console

    if as_json:
        print_json([each.model_dump(mode="json") for each in found])
    else:
        Console().print(table(found))


@deadletters.command("list")
def list_deadletters(
    data: Data = VAR,
    every: Annotated[bool, typer.Option("--all", help="Także ponawiane i załatwione.")] = False,
    as_json: Json = False,
) -> None:
    """Wypisz te, które czekają na decyzję, od najstarszego."""
    from stack.deadletters import list_
    from stack.environment import export
    from stack.worklist_view import table

    export(data)
    _show(asyncio.run(list_(data, every=every)), table, as_json)


@deadletters.command("show")
def show_deadletter(letter: Letter, data: Data = VAR, as_json: Json = False) -> None:
    """Pokaż jedno: przyczynę, co zrobić, nagłówki i jawne pola."""
    from rich.console import Console

    from stack import worklist_view
    from stack.deadletters import show
    from stack.environment import export

    export(data)
    found = asyncio.run(show(data, letter))
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        Console().print(worklist_view.letter(found))


@deadletters.command("retry")
def retry_deadletter(letter: Letter, data: Data = VAR, as_json: Json = False) -> None:
    """Obsłuż zdarzenie jeszcze raz, gdy przyczyna jest usunięta; kod 1, gdy znowu się nie udało."""
    from stack.deadletters import retry
    from stack.environment import export

    export(data)
    _tell_outcome(asyncio.run(retry(data, letter)), as_json)


@deadletters.command("drop")
def drop_deadletter(
    letter: Letter,
    reason: Reason,
    data: Data = VAR,
    as_json: Json = False,
) -> None:
    """Pomiń zdarzenie na stałe; to, co czeka za nim, pójdzie dalej."""
    from stack.deadletters import drop
    from stack.environment import export

    export(data)
    _tell_outcome(asyncio.run(drop(data, letter, reason)), as_json)


def _tell_outcome(found: Any, as_json: bool) -> None:
    from stack.worklist_view import outcome

    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        print(outcome(found))
    if found.wish is None and found.state == "dead":
        raise typer.Exit(1)


@alarms.command("list")
def list_alarms(
    data: Data = VAR,
    every: Annotated[bool, typer.Option("--all", help="Także załatwione.")] = False,
    as_json: Json = False,
) -> None:
    """Wypisz te, które czekają, od najstarszego."""
    from stack.alarms import list_
    from stack.alarms_view import table
    from stack.environment import export

    export(data)
    _show(asyncio.run(list_(data, every=every)), table, as_json)


@alarms.command("settle")
def settle_alarm(
    alarm: Annotated[str, typer.Argument(help="Identyfikator z listy.")], reason: Reason, data: Data = VAR
) -> None:
    """Zapisz, że alarm został wyjaśniony, razem z wcześniejszymi tego rodzaju na tym łączu."""
    from stack.alarms import settled
    from stack.environment import export

    export(data)
    count = asyncio.run(settled(data, alarm, reason))
    print(f"Zapisano. Załatwionych alarmów: {count}.")
