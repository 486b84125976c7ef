"""The `sciezka` command. Every body imports what it needs when it runs, so that the command itself starts at once."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from stack.cli_accounts import accounts
from stack.cli_directory import directory
from stack.cli_import import import_
from stack.cli_options import VAR, Data, Json, print_json
from stack.cli_rebuild import rebuild
from stack.cli_rules import rules
from stack.cli_worklist import alarms, deadletters
from stack.errors import StackError

app = typer.Typer(
    name="sciezka",
    help="Ścieżka: wspólna droga klienta przez instytucje, które mu pomagają.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(deadletters, name="deadletters")
app.add_typer(alarms, name="alarms")
app.add_typer(accounts, name="accounts")
app.command("import")(import_)
app.command("rebuild")(rebuild)
app.add_typer(directory, name="directory")
app.add_typer(rules, name="rules")

Port = Annotated[int, typer.Option("--port", help="Port HTTP.")]
Host = Annotated[str, typer.Option("--host", help="Adres, na którym słucha.")]
LOOPBACK = "127.0.0.1"


def main() -> None:
    """Run the command; what stands in a user's way is one sentence and a remedy, exit code 1."""
    try:
        app()
    except StackError as error:
        print(f"Błąd: {error.sentence}\n{error.remedy}", file=sys.stderr)
        sys.exit(1)


@app.command()
def up(
    port: Annotated[int, typer.Option(help="Port strony głównej; węzły dostają cztery następne.")] = 8000,
    data: Data = VAR,
    empty: Annotated[bool, typer.Option("--empty", help="Bez danych pokazowych.")] = False,
) -> None:
    """Uruchom cały system i pilnuj go do Ctrl-C."""
    from stack.up import up

    up(data, port, empty=empty)


@app.command()
def doctor(data: Data = VAR, as_json: Json = False) -> None:
    """Sprawdź każdą część; kod 1, gdy coś nie działa."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from stack.doctor import examine, report

    checks = asyncio.run(examine(data))
    if as_json:
        print_json(report(checks))
    else:
        table = Table("Część", "Stan", "Szczegóły")
        for check in checks:
            table.add_row(check.name, "[green]dobrze[/]" if check.ok else "[red]ŹLE[/]", escape(check.detail))
        Console().print(table)
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


@app.command()
def migrate(data: Data = VAR) -> None:
    """Załóż bazy i role, wykonaj migracje."""
    from stack.environment import export
    from stack.files import ensure_folder
    from stack.setup import migrate

    export(ensure_folder(data))
    asyncio.run(migrate(data))


@app.command()
def provision(
    keep: Annotated[bool, typer.Option("--keep", help="Pilnuj ich dalej: odtwarzaj, co zniknie.")] = False,
    data: Data = VAR,
) -> None:
    """Załóż strumienie i konsumentów w NATS."""
    from stack.environment import export
    from stack.files import ensure_folder
    from stack.setup import keep_provisioned, provision

    if keep:
        export(data)
        asyncio.run(keep_provisioned(data, print))
    else:
        export(ensure_folder(data))
        asyncio.run(provision(data))


@app.command()
def verify(
    one: Annotated[str, typer.Argument(help="Węzeł, albo plik z łańcuchem węzła.")],
    other: Annotated[str, typer.Argument(help="Drugi węzeł albo plik; z --export plik, który powstanie.")],
    to_file: Annotated[bool, typer.Option("--export", help="Zapisz łańcuch węzła dla innej instytucji.")] = False,
    data: Data = VAR,
    as_json: Json = False,
) -> None:
    """Porównaj zapisy dwóch węzłów; kod 1, gdy zdarzenie zmieniono, brakuje go, jest podwójne albo zamienione."""
    from stack.environment import export
    from stack.verify import NodeChains, differences, exported, imported, load

    def chains(name: str) -> NodeChains:
        if Path(name).is_file():
            return imported(Path(name))
        export(data)
        return asyncio.run(load(data, name))

    if to_file:
        Path(other).write_text(exported(chains(one)), encoding="utf-8")
        return
    found = differences(chains(one), chains(other))
    if found:  # what is only on its way now is another thing when the sides are looked at the other way round
        later, earlier = chains(other), chains(one)
        found = [finding for finding in differences(earlier, later) if finding in found]
    if as_json:
        print_json([finding.document() for finding in found])
    else:
        print("\n".join(finding.sentence for finding in found) or "Zapisy obu stron są zgodne.")
    if found:
        raise typer.Exit(1)


@app.command("nats-config")
def nats_config(
    target: Annotated[Path, typer.Argument(help="Plik, który powstanie (prawa 600).")],
    store: Annotated[Path, typer.Option(help="Katalog danych serwera NATS.")],
    data: Data = VAR,
) -> None:
    """Zapisz konfigurację serwera NATS w kontenerze: użytkownik i prawa każdego węzła."""
    from stack.files import ensure_folder
    from stack.institutions import ensure_directory
    from stack.secrets import ensure
    from stack.servers.nats import write_configuration
    from stack.setup import all_nodes

    data = ensure_folder(data)
    write_configuration(target, store, ensure(data, all_nodes(ensure_directory(data))))


@app.command()
def setup(
    port: Annotated[int, typer.Option(help="Port przed pierwszym portem węzłów, jak w: sciezka up.")] = 8000,
    data: Data = VAR,
) -> None:
    """Przygotuj wszystko, czego węzły potrzebują przed startem: klucze, bazy, strumienie, tokeny i konta."""
    from stack.environment import export
    from stack.files import ensure_folder
    from stack.institutions import ensure_directory
    from stack.nodes import ports_of, urls_of
    from stack.setup import prepare

    data = ensure_folder(data)
    export(data)
    asyncio.run(prepare(data, urls_of(ports_of(ensure_directory(data), port))))


@app.command()
def serve(
    node: Annotated[str, typer.Argument(help="Węzeł: ops, pup, cis, owes albo path.")],
    service: Annotated[str | None, typer.Option(help="Tylko ta usługa węzła.")] = None,
    port: Port = 8000,
    host: Host = LOOPBACK,
    data: Data = VAR,
) -> None:
    """Uruchom jeden węzeł, albo jedną jego usługę, w tym procesie."""
    from stack.environment import export
    from stack.node import run_node

    export(data)
    run_node(node, port, service=service, host=host)


@app.command()
def worker(port: Port = 8000, host: Host = LOOPBACK, data: Data = VAR) -> None:
    """Uruchom węzeł ścieżek: przepływy Temporal i ich most z NATS."""
    from contracts.subjects import PATH_NODE
    from stack.environment import export
    from stack.node import run_node

    export(data)
    run_node(PATH_NODE, port, host=host)


@app.command()
def sample(sender: str, receiver: str, data: Data = VAR) -> None:
    """Wypisz gotową treść POST /referrals dla zmyślonej osoby."""
    from stack.sample import sample

    print_json(sample(data, sender, receiver))
