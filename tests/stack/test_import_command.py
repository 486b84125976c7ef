"""`sciezka import`, on a running node."""

import asyncio
import json
import stat
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from stack.credentials import credentials_path
from stack.files import write_private
from stack.institutions import ensure_directory, read_directory
from stack.sample import body
from tests.imports.sheets import comma_separated, listed, workbook
from tests.nodes import CHANCE, TODAY, Network
from tests.serving import serving


@dataclass(frozen=True)
class Said:
    """What a command wrote, and its exit code."""

    output: str
    errors: str
    code: int


@dataclass(frozen=True)
class Office:
    """A folder with lists, and the data folder that tells where they are sent to, and as whom."""

    data: Path
    folder: Path

    async def imports(self, file: str, *options: str, node: str = "ops", agency: str = "ops-poraj") -> Said:
        words = ("import", node, str(self.folder / file), "--as", agency, "--data", str(self.data), *options)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "stack",
            *words,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={"PYTHONPATH": str(Path(__file__).parents[2])},
        )
        output, errors = await process.communicate()
        assert process.returncode is not None
        return Said(output.decode(), errors.decode(), process.returncode)

    def sheet(self, count: int) -> list[list[str]]:
        bodies = [body(read_directory(self.data), "ops-poraj", "cis-poraj", TODAY, CHANCE) for _ in range(count)]
        return listed(bodies)

    def keep(self, file: str, content: bytes) -> None:
        (self.folder / file).write_bytes(content)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def office(network: Network, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    data = tmp_path_factory.mktemp("data")
    ensure_directory(data)
    async with serving({"ops": network.apps["ops"]}) as urls:
        told = {agency: entry | {"url": urls["ops"]} for agency, entry in network.credentials.items()}
        write_private(credentials_path(data), json.dumps(told))
        yield Office(data, tmp_path_factory.mktemp("lists"))


async def test_a_list_is_sent_in_and_told_of(office: Office) -> None:
    office.keep("lista.xlsx", workbook(office.sheet(3)))
    dry, real, again = [await office.imports("lista.xlsx", *options) for options in (["--dry-run"], [], [])]
    assert [said.code for said in (dry, real, again)] == [0, 0, 0]
    assert [said.output.split() for said in (dry, real, again)] == [
        ["Zostałoby", "utworzonych", "3", "Już", "były", "0", "Do", "poprawy", "0"],
        ["Utworzono", "3", "Już", "były", "0", "Do", "poprawy", "0"],
        ["Utworzono", "0", "Już", "były", "3", "Do", "poprawy", "0"],
    ]


async def test_rows_to_correct_are_put_beside_the_list_for_their_owner_only(office: Office) -> None:
    header, good, bad = office.sheet(2)
    bad[header.index("PESEL")] = "44051401358"
    office.keep("jedna zła.csv", comma_separated([header, good, bad], encoding="cp1250"))
    said = await office.imports("jedna zła.csv", "--json")
    told = json.loads(said.output)
    kept = office.folder / "jedna zła-do-poprawy.csv"
    assert (said.code, told["created"], told["bad"], told["bad_rows"]) == (1, 1, 1, str(kept))
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "44051401358" in kept.read_text(encoding="utf-8-sig")


async def test_columns_can_be_named_and_values_given_for_all_rows(office: Office) -> None:
    header, person = office.sheet(1)
    place = header.index("Ośrodek przyjmujący")
    del header[place], person[place]
    header[header.index("Nazwisko")] = "Klient"
    office.keep("inna.csv", comma_separated([header, person]))
    refused = await office.imports("inna.csv")
    assert refused.code == 1
    assert "Ośrodek przyjmujący" in refused.errors
    assert "Nazwisko" in refused.errors
    taken = await office.imports("inna.csv", "--map", "Klient=client.family_name", "--set", "receiver=cis-poraj")
    assert taken.output.split()[:2] == ["Utworzono", "1"]


async def test_what_stands_in_the_way_is_one_sentence_and_a_remedy(office: Office) -> None:
    office.keep("lista.pdf", b"%PDF-1.7")
    for said, sentence in (
        (await office.imports("lista.pdf"), "Zapisz plik jako CSV"),
        (await office.imports("nie ma.csv"), "Nie ma pliku"),
        (await office.imports("lista.pdf", node="cis"), "Węzeł cis nie prowadzi instytucji ops-poraj"),
        (await office.imports("lista.pdf", agency="ops-nigdzie"), "nie prowadzi instytucji ops-nigdzie"),
        (await office.imports("lista.pdf", "--map", "Klient"), "Brakuje znaku ="),
    ):
        assert said.code == 1
        assert sentence in said.errors
        assert "Traceback" not in said.errors
