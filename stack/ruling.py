"""The rules of deadlines from outside: which are in force, what a local rule file would move, putting it in force."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from contracts.subjects import PATH_NODE
from rules.book import Book, read_book
from rules.data import RulesError
from services.kit.clock import DatabaseClock
from services.kit.letters import Place
from services.kit.service import Service
from stack.databases import opened
from stack.deciding import operator
from stack.errors import StackError
from stack.institutions import read_directory
from workflows import preview, reflow, rulebook
from workflows.preview import MovedDeadline

Tell = Callable[[int], None]
"""Told how many deadlines remain."""


@dataclass(frozen=True)
class Applied:
    """What came of putting a file in force. `new` is False when it was in force already: nothing moves then."""

    version: str
    new: bool
    moved: list[MovedDeadline]


def read_file(file: Path) -> tuple[str, Book]:
    """A local rule file, and the rules with it laid over them. Raises StackError naming line and remedy."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StackError(f"Nie da się przeczytać pliku {file}.", "Sprawdź nazwę i prawa do pliku.") from error
    try:
        return text, read_book(text, name=file.name)
    except RulesError as error:
        raise StackError(error.wording["pl"], f"Popraw i sprawdź: sciezka rules check {file}.") from error


async def in_force(data: Path) -> Book:
    """The rules by which the path node computes now. Raises StackError."""
    async with _service(data) as service, service.database.transaction() as session:
        return (await rulebook.in_force(session)).book


async def diff(data: Path, file: Path) -> tuple[Book, list[MovedDeadline]]:
    """What the file would move; changes nothing. Raises StackError."""
    _, book = read_file(file)
    async with _service(data) as service:
        return book, preview.sorted_rows([row async for row in preview.preview(service, book)])


async def apply(data: Path, file: Path, told: Tell) -> Applied:
    """Put the file in force and move every live deadline, also when the path node is not running. Raises StackError."""
    text, book = read_file(file)
    async with _service(data) as service:
        async with service.database.transaction() as session:
            put = await rulebook.put(service, session, text, operator())
        await reflow.flow(service, told)
        if put is None:
            return Applied(book.version, new=False, moved=[])
        async with service.database.transaction() as session:
            return Applied(book.version, new=True, moved=await preview.moved_by(session, put.id))


async def moved(data: Path, most: int) -> list[MovedDeadline]:
    """What was moved last, newest first. Raises StackError."""
    async with _service(data) as service, service.database.transaction() as session:
        return await preview.moved_lately(session, most)


@asynccontextmanager
async def _service(data: Path) -> AsyncIterator[Service]:
    """The path service as its own node has it. Raises StackError."""
    directory = read_directory(data)
    async with opened(data, Place(PATH_NODE, PATH_NODE)) as database:
        yield Service(PATH_NODE, PATH_NODE, directory, database, DatabaseClock())
