"""`sciezka accounts`: who may sign in for an institution."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from contracts.accounts import Account, AccountAction, Admitted
from stack.cli_options import VAR, Data, Json, print_json

accounts = typer.Typer(help="Konta osób, które pracują w instytucji.", no_args_is_help=True)

Institution = Annotated[str, typer.Argument(help="Skrót instytucji, na przykład ops-poraj.")]
Login = Annotated[str, typer.Argument(help="Login z listy, na przykład anna.nowak@ops-poraj.")]
Role = Annotated[str, typer.Argument(help="Rola, na przykład OPS_HEAD.")]


@accounts.command("list")
def list_accounts(institution: Institution, data: Data = VAR, as_json: Json = False) -> None:
    """Wypisz osoby i ich role w instytucji."""
    from rich.console import Console

    from stack.accounts import list_
    from stack.environment import export

    export(data)
    found = asyncio.run(list_(data, institution))
    if as_json:
        print_json([each.model_dump(mode="json") for each in found])
    else:
        Console().print(_table(found))


@accounts.command("add")
def add_account(
    institution: Institution,
    login: Annotated[str, typer.Argument(help="Login bez instytucji, na przykład anna.nowak.")],
    role: Role,
    name: Annotated[str, typer.Option("--name", help="Imię i nazwisko.")],
    data: Data = VAR,
) -> None:
    """Dodaj osobę; hasło jest wypisane tylko ten jeden raz."""
    from stack.accounts import add
    from stack.environment import export

    export(data)
    _tell(asyncio.run(add(data, institution, login, name, role)))


@accounts.command("give")
def give_post(institution: Institution, login: Login, role: Role, data: Data = VAR) -> None:
    """Nadaj rolę w instytucji osobie, która ma konto na jej węźle."""
    from stack.accounts import give
    from stack.environment import export

    export(data)
    _tell(Admitted(account=asyncio.run(give(data, institution, login, role))))


@accounts.command("take")
def take_post(institution: Institution, login: Login, role: Role, data: Data = VAR) -> None:
    """Odbierz rolę w instytucji."""
    _change(data, institution, login, "take_post", role)


@accounts.command("disable")
def disable_account(institution: Institution, login: Login, data: Data = VAR) -> None:
    """Wyłącz konto: osoba traci dostęp najpóźniej po kilku sekundach."""
    _change(data, institution, login, "disable")


@accounts.command("enable")
def enable_account(institution: Institution, login: Login, data: Data = VAR) -> None:
    """Włącz konto, także takie, które odpoczywa po zbyt wielu błędnych hasłach."""
    _change(data, institution, login, "enable")


@accounts.command("password")
def new_password(institution: Institution, login: Login, data: Data = VAR) -> None:
    """Nadaj nowe hasło; jest wypisane tylko ten jeden raz."""
    _change(data, institution, login, "new_password")


def _change(data: Path, institution: str, login: str, action: AccountAction, role: str | None = None) -> None:
    from stack.accounts import change
    from stack.environment import export

    export(data)
    _tell(asyncio.run(change(data, institution, login, action, role)))


def _tell(done: Admitted) -> None:
    roles = ", ".join(post.role for post in done.account.posts) or "bez roli"
    state = ", wyłączone" if done.account.disabled_at else ""
    print(f"{done.account.login}: {done.account.name} ({roles}{state})")
    if done.password is not None:
        print(f"Hasło: {done.password}")


def _table(found: list[Account]) -> object:
    from rich.markup import escape
    from rich.table import Column, Table

    shown = Table(Column("Login", overflow="fold"), "Osoba", "Role", "Stan")  # so that it can be copied
    for each in found:
        posts = "\n".join(f"{post.label} ({post.role})" for post in each.posts)
        state = "wyłączone" if each.disabled_at else "czynne"
        shown.add_row(each.login, escape(each.name), posts, state)
    return shown
