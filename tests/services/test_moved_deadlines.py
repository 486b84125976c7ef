"""A change of rules at running nodes: what each institution sees of it, at the interface and in a terminal."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from rules.calendar import add_working_days, local_day
from services.kit.service import Service
from tests.nodes import Network, Office, eventually
from tests.services.dues import claim_of
from tests.services.steps import delivered
from tests.workflows.rulings import apply_file, day_off, length

TODAY = local_day(datetime.now(UTC))
FREE = add_working_days(TODAY, 1)


def path_service(network: Network) -> Service:
    return network.bases["path"].service("path")


@pytest_asyncio.fixture(autouse=True)
async def rules_of_the_release(network: Network) -> AsyncIterator[None]:
    """Other tests go on under the rules that ship."""
    yield
    await apply_file(path_service(network), "")


async def command(*words: str) -> tuple[int, str]:
    """Exit code and what it printed, both ways."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "stack", "rules", *words,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, env=os.environ | {"COLUMNS": "200"},
    )  # fmt: skip
    out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


async def test_both_institutions_see_that_a_deadline_moved_and_why(network: Network, tmp_path: Path) -> None:
    sender, receiver = network.office("ops-poraj"), network.office("cis-poraj")
    referral_id = await delivered(sender, "cis-poraj")
    before = await claim_of(sender, referral_id, moved=False)
    assert before["moved"] is None
    file = tmp_path / "nowe.toml"
    file.write_text(day_off(FREE), encoding="utf-8")
    _, shown = await command("diff", str(file), "--json")
    code, applied = await command("apply", str(file), "--json")
    assert code == 0, applied
    looked, done = json.loads(shown), json.loads(applied[applied.index("{") :])
    assert (looked["items"], looked["by"]) == (done["items"], done["by"])
    assert done["new"]
    for office in (sender, receiver):
        after = await claim_of(office, referral_id, moved=True)
        assert after["moved"]["was"] == before["due_at"]
        assert after["due_at"] > before["due_at"]
        assert "Dzień żałoby" in after["moved"]["why"]

        async def told(office: Office = office) -> bool:
            notes = (await office.http.get("/notifications")).json()["items"]
            own = [n for n in notes if n["referral_id"] == referral_id and n["kind"] == "deadline_moved"]
            return sorted(each["rule"] for each in own if "Dzień żałoby" in each["sentence"])[:1] == ["claim"]

        await eventually(told)
    code, again = await command("apply", str(file))
    assert (code, "już obowiązują" in again) == (0, True), again
    code, listed = await command("moved")
    assert (code, referral_id in listed) == (0, True), listed


async def test_deadlines_are_listed_up_to_a_moment_and_page_by_page(network: Network) -> None:
    sender = network.office("ops-poraj")
    referral_id = await delivered(sender, "cis-poraj")
    claim = await claim_of(sender, referral_id, moved=False)
    early = await sender.http.get("/deadlines", params={"due_before": claim["due_at"]})
    assert claim["id"] not in {each["id"] for each in early.json()["items"]}
    later = datetime.fromisoformat(claim["due_at"]) + timedelta(seconds=1)
    items = (await sender.http.get("/deadlines", params={"due_before": later.isoformat()})).json()["items"]
    assert [each["due_at"] for each in items] == sorted(each["due_at"] for each in items)
    stranger = (await network.office("pup-myszkow").http.get("/deadlines")).json()["items"]
    assert claim["id"] not in {each["id"] for each in stranger}


async def test_the_rules_in_force_are_shown_with_the_local_file_of_the_path_node(network: Network) -> None:
    office = network.office("cis-poraj")
    shipped = (await office.http.get("/rules")).json()
    assert {"claim", "decision", "answer"} <= {each["id"] for each in shipped["items"]}
    claim = next(each for each in shipped["items"] if each["id"] == "claim")
    assert claim["lengths"]["normal"] == {"pl": "3 dni robocze", "en": "3 working days"}
    await apply_file(path_service(network), day_off(FREE) + length("claim", "5wd", TODAY, urgent="2wd"))

    async def known() -> dict[str, Any] | None:
        found: dict[str, Any] = (await office.http.get("/rules")).json()
        return found if found["local_lengths"] else None

    found: dict[str, Any] = await eventually(known)
    [local] = found["local_lengths"]
    assert (local["rule"], local["lengths"]["normal"]["pl"]) == ("claim", "5 dni roboczych")
    assert str(FREE) in {each["day"] for each in found["days_off"]}
    assert found["rules"] != shipped["rules"]


@pytest.mark.parametrize("name", ["check", "diff", "apply"])
async def test_a_wrong_file_is_refused_with_line_and_remedy(network: Network, tmp_path: Path, name: str) -> None:
    file = tmp_path / "zle.toml"
    file.write_text(length("claim", "3wd", TODAY).replace('"claim"', '"clam"'), encoding="utf-8")
    code, said = await command(name, str(file))
    assert code == 1
    assert "zle.toml" in said
    assert "wiersz 2" in said
    assert "claim" in said


async def test_the_list_of_rules_names_kind_length_and_basis(network: Network) -> None:
    code, said = await command("list")
    assert code == 0
    assert "3 dni robocze" in said
    assert "poziom usług" in said
    code, as_json = await command("list", "--day", "2026-01-15", "--json")
    assert (code, "claim" in {rule["id"] for rule in json.loads(as_json)}) == (0, True)
