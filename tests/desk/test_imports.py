"""Lists from files at the desk: tried first, sent for good, corrected and sent in again."""

import csv
import io
import json
from typing import Any

from tests.desk.attaching import send_with
from tests.desk.browser import Browser, Page
from tests.desk.conftest import SignedIn
from tests.imports.sheets import comma_separated
from tests.nodes import Network, eventually
from tests.services.database import administrator, change
from tests.services.importing import Sheet, sheet

HEAD = "OPS_HEAD"


async def _send(browser: Browser, content: bytes, name: str = "lista.csv", **typed: str) -> Page:
    page = await browser.open("/imports/new")
    return await send_with(browser, page.form("/imports/new"), (name, content), **typed)


async def _ended(browser: Browser, page: Page) -> Page:
    """The page of the import when nothing more is done about it."""

    async def over() -> Any:
        shown = await browser.open(page.address)
        return None if f"{page.address}/cancel" in [form.action for form in shown.forms] else shown

    found: Page = await eventually(over)
    return found


def _wrong(rows: Sheet, place: int) -> Sheet:
    """The rows with a wrong PESEL in this one."""
    column = rows[0].index("PESEL")
    return [[*row[:column], "12345678901", *row[column + 1 :]] if at == place else row for at, row in enumerate(rows)]


async def test_a_list_is_tried_first_and_then_sent_without_choosing_it_again(
    network: Network, at_desk: SignedIn
) -> None:
    head, poraj = await at_desk("ops-poraj", HEAD), network.office("ops-poraj")
    form = (await head.open("/imports/new")).form("/imports/new")
    assert form.fields["mode"] == ["try"]
    page = await _ended(head, await _send(head, comma_separated(sheet(poraj, "cis-poraj", 2))))
    assert "na próbę, nic nie zostało wysłane" in page.text
    page = await head.send(page.form(f"{page.address}/send"))
    page = await _ended(head, page)
    assert "Utworzono 2" in page.text
    page = await head.open(f"{page.address}?outcome=created")
    assert len([link for link in page.links if link.startswith("/referrals/")]) == 2


async def test_bad_rows_come_back_as_a_file_that_is_sent_in_again(network: Network, at_desk: SignedIn) -> None:
    head, poraj = await at_desk("ops-poraj", HEAD), network.office("ops-poraj")
    rows = sheet(poraj, "cis-poraj", 3)
    page = await _ended(head, await _send(head, comma_separated(_wrong(rows, 2)), mode="send"))
    assert "Utworzono 2" in page.text
    assert "Wiersz Kolumna Co poprawić 3 PESEL" in page.text
    file = (await head.open(f"{page.address}/bad-rows.csv")).answer
    assert file.headers["content-disposition"].startswith("attachment")
    bad = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
    bad[1][bad[0].index("PESEL")] = rows[2][rows[0].index("PESEL")]
    page = await _ended(head, await _send(head, comma_separated(bad), mode="send"))
    assert "Utworzono 1" in page.text
    page = await _ended(head, await _send(head, comma_separated(rows), mode="send"))
    assert "Utworzono 0" in page.text
    assert "Już były 3" in page.text


async def test_unknown_columns_are_asked_for_once_and_remembered(network: Network, at_desk: SignedIn) -> None:
    head, poraj = await at_desk("ops-poraj", HEAD), network.office("ops-poraj")
    header, *rows = sheet(poraj, "cis-poraj", 2)
    header = ["Kogo dotyczy" if name == "Nazwisko" else name for name in [*header, "Uwagi kierownika"]]
    place = header.index("Kogo dotyczy")
    first, second = ([header, [*row, "x"]] for row in rows)
    page = await _send(head, comma_separated(first))
    assert "Co znaczą kolumny tego pliku" in page.text
    assert "Brakuje kolumny „Nazwisko”" in page.text
    chosen = {f"column__{place}": "client.family_name"}
    form = page.form("/imports/new")
    page = await send_with(head, form, ("lista.csv", comma_separated(first)), **chosen)
    assert "Można utworzyć 1" in (await _ended(head, page)).text
    page = await _send(head, comma_separated(second))
    assert page.address.startswith("/imports/")
    assert page.address != "/imports/new"


async def test_a_file_that_cannot_be_read_is_told_at_its_field(at_desk: SignedIn) -> None:
    head = await at_desk("ops-poraj", HEAD)
    page = await _send(head, b"\x00\x01", "lista.doc", receiver="cis-poraj")
    assert page.status == 415
    assert 'id="file-error"' in page.html
    assert page.form("/imports/new").fields["receiver"] == ["cis-poraj"]
    page = await head.open("/imports/new")
    page = await head.send(page.form("/imports/new"))
    assert (page.status, "Wybierz plik z listą." in page.text) == (422, True)


async def test_the_empty_list_has_every_column_that_is_needed(network: Network, at_desk: SignedIn) -> None:
    head, poraj = await at_desk("ops-poraj", HEAD), network.office("ops-poraj")
    header = next(csv.reader(io.StringIO((await head.open("/imports/template.csv")).answer.text), delimiter=";"))
    header[0] = header[0].removeprefix("\ufeff")
    names, row = sheet(poraj, "cis-poraj", 1)
    known = dict(zip(names, row, strict=True))
    assert known.keys() & set(header)
    page = await _send(head, comma_separated([header, [known.get(name, "") for name in header]]))
    assert "Można utworzyć 1" in (await _ended(head, page)).text


async def test_the_page_of_a_list_asks_for_its_progress_only_and_is_drawn_anew_at_the_end(
    network: Network, at_desk: SignedIn
) -> None:
    head, poraj = await at_desk("ops-poraj", HEAD), network.office("ops-poraj")
    async with administrator(network, "ops") as connection, connection.transaction():
        await connection.execute("lock table intake.import_mark in exclusive mode")  # the first row waits
        page = await _send(head, comma_separated(sheet(poraj, "cis-poraj", 1)))
        part = await head.open(f"{page.address}/progress")
        assert f'hx-get="{page.address}/progress"' in part.html
        assert "wierszy: 0 z 1" in part.text
        assert part.forms == []
    await _ended(head, page)
    over = (await head.open(f"{page.address}/progress")).answer
    assert over.status_code == 204
    assert json.loads(over.headers["hx-location"])["path"].startswith(page.address)


async def test_a_stopped_trial_is_not_offered_for_sending(network: Network, at_desk: SignedIn) -> None:
    head, poraj = await at_desk("ops-poraj", HEAD), network.office("ops-poraj")
    page = await _ended(head, await _send(head, comma_separated(sheet(poraj, "cis-poraj", 2))))
    assert f"{page.address}/send" in [form.action for form in page.forms]
    import_id = page.address.rpartition("/")[2]
    await change(network, "ops", "update intake.import set state = 'cancelled' where id = $1", import_id)
    page = await head.open(page.address)
    assert f"{page.address}/send" not in [form.action for form in page.forms]


async def test_a_list_is_known_to_its_own_institution_only(network: Network, at_desk: SignedIn) -> None:
    head, other = await at_desk("ops-poraj", HEAD), await at_desk("ops-myszkow", HEAD)
    page = await _send(head, comma_separated(sheet(network.office("ops-poraj"), "cis-poraj", 1)))
    assert (await other.open(page.address)).status == 404
    await _ended(head, page)
    assert "lista.csv" in (await head.open("/imports")).text
