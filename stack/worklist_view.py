"""Dead letters in a terminal: a table to choose from, one letter in full, and what came of a decision."""

import json
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Column, Table

from contracts.worklist import Behind, DeadLetterDetail, DeadLetterItem

_STATES = {"failing": "ponawiane", "dead": "czeka na decyzję", "resolved": "obsłużone", "dropped": "pominięte"}
_WISHES = {"retry": "ma być ponowione", "drop": "ma być pominięte"}
_NEXT_LINE = ":\n"
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def table(items: Sequence[DeadLetterItem]) -> RenderableType:
    """The list."""
    if not items:
        return "Nic nie czeka: wszystkie zdarzenia obsłużono."
    shown = Table(
        Column("Wpis i sprawa", no_wrap=True),  # so that it can be copied
        Column("Łącze, usługa, zdarzenie", overflow="fold"),
        Column("Przyczyna"),
        Column("Stan"),
        show_lines=True,
    )
    for each in items:
        shown.add_row(
            f"{each.id}\n{_case(each, between=_NEXT_LINE)}",
            escape(f"{each.link}\n{each.node} {each.service}\n{_type(each).removeprefix('pl.sciezka.')}"),
            each.sentence,
            f"{_state(each)}\nod {_age(each.age_seconds)}\nza nim: {_behind(each.behind)}",
        )
    return shown


def letter(found: DeadLetterDetail) -> RenderableType:
    """Everything about one."""
    shown = Table(show_header=False, box=None, pad_edge=False)
    for name, value in (
        ("Identyfikator", str(found.id)),
        ("Stan", _state(found)),
        ("Przyczyna", f"{found.sentence} ({found.cause}, prób: {found.attempts})"),
        ("Co zrobić", found.remedy),
        ("Zdarzenie", _type(found)),
        ("Sprawa", _case(found)),
        ("Łącze", f"{found.link}, u: {found.node} {found.service}"),
        ("Instytucja", found.agency or "nieznana"),
        ("Od kiedy", f"{found.first_at:%Y-%m-%d %H:%M:%S %Z}, ostatnio {found.last_at:%Y-%m-%d %H:%M:%S %Z}"),
        ("Czeka za nim", _behind(found.behind)),
        ("Decyzja", _decision(found)),
        ("Treść", f"{found.body.size} B, sha256 {found.body.sha256}"),
    ):
        shown.add_row(f"[bold]{name}[/]", escape(value))
    return Group(shown, _as_json("Nagłówki", found.headers), _as_json("Jawne pola", found.event))


def outcome(found: DeadLetterDetail) -> str:
    """What came of a decision, in a sentence."""
    if found.wish is not None:
        return "Zapisano. Usługa zrobi to, gdy tylko będzie mogła (może teraz nie działa albo czeka na wcześniejsze)."
    if found.state == "resolved":
        return "Obsłużono."
    if found.state == "dropped":
        return "Pominięto; to, co czekało za tym zdarzeniem, idzie dalej."
    return f"Znowu się nie udało: {found.sentence} {found.remedy}"


def _type(each: DeadLetterItem) -> str:
    return each.type or "nieznany typ"


def _case(each: DeadLetterItem, between: str = " ") -> str:
    if each.referral_id is not None:
        return f"skierowanie{between}{each.referral_id}"
    return "nie wiadomo, czyja" if each.path_id is None else f"ścieżka{between}{each.path_id}"


def _state(each: DeadLetterItem) -> str:
    return _STATES[each.state] if each.wish is None else f"{_STATES[each.state]}, {_WISHES[each.wish]}"


def _behind(behind: Behind) -> str:
    return "nic" if behind.since is None else f"{behind.count}, od {behind.since:%Y-%m-%d %H:%M}"


def _decision(found: DeadLetterDetail) -> str:
    if found.decided_by is None:
        return "żadnej"
    when = f", {found.closed_at:%Y-%m-%d %H:%M:%S %Z}" if found.closed_at else ""
    return f"{found.decided_by}{when}{f': {found.reason}' if found.reason else ''}"


def _age(seconds: int) -> str:
    for length, unit in _UNITS:
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return "0 s"


def _as_json(name: str, value: object) -> str:
    shown = "nieczytelne" if value is None else json.dumps(value, ensure_ascii=False, indent=2)
    return f"[bold]{name}[/]\n{escape(shown)}"
