"""Lists of referrals sent in as files: each row becomes the referral that somebody would have typed, once."""

import asyncio
from typing import Any

import pytest

from tests.imports.sheets import comma_separated, listed, workbook
from tests.nodes import Network
from tests.services.database import rows
from tests.services.importing import counts, ended, imported, outcomes, send, sheet, to_correct
from tests.services.steps import errors, refused


@pytest.mark.parametrize("receiver", ["cis-poraj", "pup-myszkow", "owes-jowes"])
async def test_each_row_becomes_a_referral_that_is_sent(network: Network, receiver: str) -> None:
    poraj = network.office("ops-poraj")
    found = await imported(poraj, comma_separated(sheet(poraj, receiver, 3)))
    assert counts(found) == (3, 0, 0), await to_correct(poraj, found)
    for row in await outcomes(poraj, found):
        assert row["link"] == f"/api/v1/referrals/{row['referral_id']}"
        await poraj.has(row["referral_id"], status="delivered")


async def test_a_workbook_in_cp1250_or_excel_makes_the_same_referral_as_typing(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    typed = await poraj.send("cis-poraj", draft=True, client=body["client"])
    for content in (comma_separated(listed([body]), encoding="cp1250"), workbook(listed([body | {"reason": "Inny."}]))):
        [row] = await outcomes(poraj, await imported(poraj, content))
        referral = await poraj.get(row["referral_id"])
        assert referral is not None
        expected = typed["client"] | ({"reason": "Inny."} if referral["client"]["reason"] == "Inny." else {})
        assert referral["client"] == expected


async def test_the_same_file_again_creates_nothing(network: Network) -> None:
    poraj = network.office("ops-poraj")
    header, *people = sheet(poraj, "cis-poraj", 4)
    first = await imported(poraj, comma_separated([header, *people]))
    again = await imported(poraj, workbook([header, *reversed(people)]))
    assert (counts(first), counts(again)) == ((4, 0, 0), (0, 4, 0))
    before = {row["referral_id"] for row in await outcomes(poraj, first)}
    assert {row["referral_id"] for row in await outcomes(poraj, again)} == before


async def test_a_row_is_not_sent_again_after_its_referral_was_declined(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    content = comma_separated(sheet(poraj, "cis-poraj", 1))
    [first] = await outcomes(poraj, await imported(poraj, content))
    await cis.has(first["referral_id"], status="delivered")
    assert (await cis.act(first["referral_id"], "decline", reason="no_place")).status_code == 200
    await poraj.has(first["referral_id"], status="declined")
    [again] = await outcomes(poraj, await imported(poraj, content))
    assert (again["outcome"], again["referral_id"]) == ("same", first["referral_id"])


async def test_a_row_that_stands_twice_in_a_file_is_taken_once(network: Network) -> None:
    poraj = network.office("ops-poraj")
    header, person = sheet(poraj, "cis-poraj", 1)
    found = await imported(poraj, comma_separated([header, person, person]))
    assert counts(found) == (1, 1, 0)


async def test_the_same_file_sent_twice_at_once_creates_each_referral_once(network: Network) -> None:
    poraj = network.office("ops-poraj")
    content = comma_separated(sheet(poraj, "cis-poraj", 5))
    both = await asyncio.gather(*(imported(poraj, content) for _ in range(2)))
    assert sorted(found["created"] for found in both) == [0, 5]
    assert sum(found["bad"] for found in both) == 0


async def test_an_open_referral_of_the_person_is_shown_in_place_of_a_second_one(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    typed = (await poraj.http.post("/referrals", json=body)).json()
    found = await imported(poraj, comma_separated(listed([body | {"reason": "Ta sama osoba, inne słowa."}])))
    assert counts(found) == (0, 1, 0)
    [row] = await outcomes(poraj, found, outcome="same")
    assert row["referral_id"] == typed["id"]


@pytest.mark.parametrize("dry_run", [False, True])
async def test_an_open_referral_to_another_receiver_makes_the_row_bad(network: Network, dry_run: bool) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    typed = (await poraj.http.post("/referrals", json=body)).json()
    found = await imported(poraj, comma_separated(listed([body | {"receiver": "cis-myszkow"}])), dry_run=dry_run)
    [row] = await outcomes(poraj, found)
    assert (row["outcome"], [error["code"] for error in row["errors"]]) == ("bad", ["already_open"])
    assert row["link"] == f"/api/v1/referrals/{typed['id']}"


async def test_a_person_who_stands_twice_in_a_file_for_two_receivers_is_bad_the_second_time_also_in_a_dry_run(
    network: Network,
) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    content = comma_separated(listed([body, body | {"receiver": "cis-myszkow"}, body | {"reason": "Inne słowa."}]))
    assert counts(await imported(poraj, content, dry_run=True)) == (1, 1, 1)
    assert counts(await imported(poraj, content)) == (1, 1, 1)


async def test_a_dry_run_of_drafts_takes_each_of_them(network: Network) -> None:
    poraj = network.office("ops-poraj")
    content = comma_separated(sheet(poraj, "cis-poraj", 3))
    assert counts(await imported(poraj, content, values={"draft": "tak"}, dry_run=True)) == (3, 0, 0)


async def test_a_dry_run_tells_the_same_and_saves_nothing(network: Network) -> None:
    office = network.office("ops-kozieglowy")  # nobody else imports there, so that all its rows can be counted
    header, first, second, third = sheet(office, "cis-poraj", 3)
    third = third.copy()
    third[header.index("PESEL")] = "11111111111"
    body = listed([office.body("cis-poraj") | {"reason": "Inne słowa."}])[1]
    body[header.index("PESEL")] = first[header.index("PESEL")]  # one person, two contents
    content = comma_separated([header, first, second, first, body, third])
    clients = """
        select (select count(*) from intake.client where agency = $1) as people,
            (select count(*) from intake.referral where agency = $1) as sent
    """
    before = await rows(network, "ops", clients, office.slug)
    dry = await imported(office, content, dry_run=True)
    assert await rows(network, "ops", clients, office.slug) == before
    real = await imported(office, content)
    assert counts(dry) == counts(real) == (2, 2, 1)
    assert (dry["dry_run"], real["dry_run"]) == (True, False)


async def test_bad_rows_come_back_with_what_to_correct_and_can_be_sent_again(network: Network) -> None:
    poraj = network.office("ops-poraj")
    header, *people = sheet(poraj, "cis-poraj", 3)
    pesel, day = header.index("PESEL"), header.index("Data opinii")
    right = [person.copy() for person in people]
    people[1][pesel] = "44051401358"
    people[2][day] = "wczoraj"
    found = await imported(poraj, comma_separated([header, *people]))
    assert counts(found) == (1, 0, 2)
    [names, *bad] = await to_correct(poraj, found)
    assert names == [*header, "Wiersz", "Kolumna", "Co poprawić"]
    assert [[cell.lstrip("'") for cell in line[: len(header)]] for line in bad] == people[1:]
    assert [line[len(header) : len(header) + 2] for line in bad] == [["3", "PESEL"], ["4", "Data opinii"]]
    assert bad[0][-1].startswith("PESEL: ")
    assert (await to_correct(poraj, found, "en"))[0][-3:] == ["Row", "Column", "What to correct"]
    bad[0][pesel], bad[1][day] = right[1][pesel], right[2][day]
    again = await imported(poraj, comma_separated([names, *bad], encoding="utf-8-sig"))
    assert counts(again) == (2, 0, 0)
    assert again["unknown_columns"] == []


async def test_every_error_of_a_row_names_its_column(network: Network) -> None:
    poraj = network.office("ops-poraj")
    header, person = sheet(poraj, "cis-poraj", 1)
    for name, cell in (("Imię", ""), ("Podstawa skierowania", "zły humor"), ("Tryb skierowania", "X")):
        person[header.index(name)] = cell
    [row] = await outcomes(poraj, await imported(poraj, comma_separated([header, person])))
    assert {(error["field"], error["column"]) for error in row["errors"]} == {
        ("client.given_name", "Imię"),
        ("grounds.0", "Podstawa skierowania"),
        ("route", "Tryb skierowania"),
    }


async def test_what_the_law_asks_is_told_with_the_name_of_the_missing_column(network: Network) -> None:
    poraj = network.office("ops-poraj")
    body = poraj.body("cis-poraj")
    del body["opinion"]
    found = await imported(poraj, comma_separated(listed([body])))
    [[*_, column, remedy]] = (await to_correct(poraj, found))[1:]
    assert column == "Wynik opinii"
    assert "art. 12 ust. 2" in remedy


async def test_cells_that_a_spreadsheet_would_run_are_made_harmless_and_understood_when_sent_again(
    network: Network,
) -> None:
    poraj = network.office("ops-poraj")
    header, person = sheet(poraj, "cis-poraj", 1)
    phone, pesel = header.index("Telefon"), header.index("PESEL")
    number = person[pesel]
    person[phone], person[pesel] = "+48 000 000 001", "x"
    [names, bad] = await to_correct(poraj, await imported(poraj, comma_separated([header, person])))
    assert bad[phone] == "'+48 000 000 001"
    bad[pesel] = number
    [row] = await outcomes(poraj, await imported(poraj, comma_separated([names, bad])))
    referral = await poraj.get(row["referral_id"])
    assert referral is not None
    assert referral["client"]["phone"] == "+48 000 000 001"


async def test_a_row_with_a_formula_is_refused_and_a_formula_in_another_column_is_not(network: Network) -> None:
    poraj = network.office("ops-poraj")
    header, first, second = sheet(poraj, "cis-poraj", 2)
    first[header.index("Powód skierowania")] = '=HYPERLINK("http://example.org")'
    found = await imported(poraj, workbook([["Lp.", *header], ["1", *first], ["=A2+1", *second]]))
    assert counts(found) == (1, 0, 1)
    [bad] = await outcomes(poraj, found, outcome="bad")
    assert [error["code"] for error in bad["errors"]] == ["import_formula"]
    assert "Wklej wartości zamiast formuł" in bad["errors"][0]["message"]
    [[*_, remedy]] = (await to_correct(poraj, found))[1:]
    assert not remedy.startswith("=")


async def test_a_mapping_is_remembered_for_files_with_the_same_headers(network: Network) -> None:
    poraj, myszkow = network.office("ops-poraj"), network.office("ops-myszkow")
    header, *people = sheet(poraj, "cis-poraj", 2)
    strange = ["Klient" if name == "Nazwisko" else name for name in header]
    lacking = await send(poraj, comma_separated([strange, people[0]]))
    assert refused(lacking) == (422, "import_columns_missing")
    assert errors(lacking) == [("client.family_name", "import_column_missing")]
    first = await imported(poraj, comma_separated([strange, people[0]]), mapping={"klient": "client.family_name"})
    second = await imported(poraj, comma_separated([strange, people[1]]))
    assert (counts(first), counts(second)) == ((1, 0, 0), (1, 0, 0))
    [column] = [column for column in second["columns"] if column["header"] == "Klient"]
    assert (column["field"], column["known_from"]) == ("client.family_name", "remembered")
    assert refused(await send(myszkow, comma_separated([strange, people[1]]))) == (422, "import_columns_missing")


async def test_one_value_can_hold_for_all_rows(network: Network) -> None:
    poraj = network.office("ops-poraj")
    header, person = sheet(poraj, "cis-poraj", 1)
    place = header.index("Ośrodek przyjmujący")
    del header[place], person[place]
    found = await imported(poraj, comma_separated([header, person]), values={"receiver": "CIS Poraj"})
    [row] = await outcomes(poraj, found, outcome="created")
    assert (await poraj.has(row["referral_id"]))["receiver"] == "cis-poraj"


async def test_unknown_columns_are_named_and_no_hindrance(network: Network) -> None:
    poraj = network.office("ops-poraj")
    header, person = sheet(poraj, "cis-poraj", 1)
    found = await imported(poraj, comma_separated([[*header, "Znak zodiaku"], [*person, "Rak"]]))
    assert (found["unknown_columns"], counts(found)) == (["Znak zodiaku"], (1, 0, 0))


async def test_who_may_not_send_is_told_so_in_every_row_and_may_import_drafts(network: Network) -> None:
    worker = await network.person("ops-poraj", "OPS_SOCIAL_WORKER")
    content = comma_separated(sheet(worker, "cis-poraj", 1))
    found = await imported(worker, content)
    [row] = await outcomes(worker, found, outcome="bad")
    assert [(error["field"], error["code"]) for error in row["errors"]] == [("", "role_not_allowed")]
    assert (await to_correct(worker, found))[1][-2] == "cały wiersz"
    drafts = await imported(worker, content, values={"draft": "tak"})
    assert counts(drafts) == (1, 0, 0), await outcomes(worker, drafts)
    [row] = await outcomes(worker, drafts)
    assert (await worker.has(row["referral_id"]))["status"] == "draft"


async def test_a_row_whose_draft_was_discarded_is_taken_again(network: Network) -> None:
    poraj = network.office("ops-poraj")
    content = comma_separated(sheet(poraj, "cis-poraj", 1))
    [first] = await outcomes(poraj, await imported(poraj, content, values={"draft": "tak"}))
    assert counts(await imported(poraj, content)) == (0, 1, 0)
    assert (await poraj.http.delete(f"/referrals/{first['referral_id']}")).status_code == 204
    assert counts(await imported(poraj, content)) == (1, 0, 0)


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"files": {"file": ("lista.pdf", b"%PDF-1.7")}}, (415, "import_type")),
        ({"files": {"file": ("lista.csv", b"Nazwisko;PESEL\n")}}, (422, "import_empty")),
        ({"files": {"file": ("lista.csv", b"Nazwisko\nX\n")}, "data": {"mapping": "{"}}, (422, "invalid")),
        ({"files": {"file": ("lista.csv", b"Nazwisko\nX\n")}, "data": {"values": "[1]"}}, (422, "invalid")),
        ({"files": {"file": ("lista.csv", b"Nazwisko\nX\n")}, "data": {"dry_run": "może"}}, (422, "invalid")),
        ({"files": {"file": ("lista.csv", b"Nazwisko\nX\n")}, "data": {"mapping": "[" * 100_000}}, (422, "invalid")),
        ({"files": {"file": ("lista.csv", b"Nazwisko\nX\n")}, "data": {"values": '{"a":' * 100_000}}, (422, "invalid")),
        ({"files": {"file": ("lista.csv", b"x" * 10_000_001)}}, (413, "too_large")),
        ({"content": b"x", "headers": {"content-length": "200000000"}}, (413, "too_large")),
        ({"json": {}}, (415, "not_a_form")),
    ],
)
async def test_what_is_no_list_is_refused_as_a_whole(
    network: Network, form: dict[str, Any], problem: tuple[int, str]
) -> None:
    assert refused(await network.office("ops-poraj").http.post("/referrals/import", **form)) == problem


@pytest.mark.parametrize("name", ["Świętosława.csv".encode("cp1250"), "Świętosława\u009c\x7f.csv".encode()])
async def test_a_file_name_is_read_in_either_code_and_without_control_characters(network: Network, name: bytes) -> None:
    poraj = network.office("ops-poraj")
    disposition = b'Content-Disposition: form-data; name="file"; filename="' + name + b'"\r\n\r\n'
    content = b"--x\r\n" + disposition + comma_separated(sheet(poraj, "cis-poraj", 1)) + b"\r\n--x--\r\n"
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await poraj.http.post("/referrals/import", content=content, headers=form)
    assert (answer.status_code, answer.json().get("name")) == (202, "Świętosława.csv")
    await ended(poraj, answer.json()["id"])


async def test_a_header_with_control_characters_is_read_without_them(network: Network) -> None:
    poraj = network.office("ops-poraj")
    header, person = sheet(poraj, "cis-poraj", 1)
    found = await imported(poraj, comma_separated([[f"{name}\x0b\x7f" for name in header], person]))
    assert ([column["header"] for column in found["columns"]], counts(found)) == (header, (1, 0, 0))


async def test_a_list_with_long_rows_is_taken_to_its_last_row(network: Network) -> None:
    poraj = network.office("ops-poraj")
    header, *people = sheet(poraj, "cis-poraj", 5)
    people[3][header.index("PESEL")] = "x"
    others = [f"Inna {number}" for number in range(20)]
    found = await imported(poraj, comma_separated([header + others, *(row + ["ł" * 4_000] * 20 for row in people)]))
    assert counts(found) == (4, 0, 1)
    [_, bad] = await to_correct(poraj, found)
    assert [cell.lstrip("'") for cell in bad[: len(header)]] == people[3]


async def test_other_institutions_see_nothing_of_an_import(network: Network) -> None:
    poraj, myszkow = network.office("ops-poraj"), network.office("ops-myszkow")
    found = await imported(poraj, comma_separated(sheet(poraj, "cis-poraj", 1)))
    for address in ("", "/rows", "/bad-rows"):
        assert (await myszkow.http.get(f"/imports/{found['id']}{address}")).status_code == 404
    assert found["id"] in {item["id"] for item in (await poraj.http.get("/imports")).json()["items"]}
    assert found["id"] not in {item["id"] for item in (await myszkow.http.get("/imports")).json()["items"]}


async def test_the_file_and_its_errors_lie_sealed_in_the_database(network: Network) -> None:
    poraj = network.office("ops-poraj")
    header, person = sheet(poraj, "cis-poraj", 1)
    person[header.index("PESEL")] = "44051401358"
    person[header.index("Nazwisko")] = "Brzęczyszczykiewicz"
    found = await imported(poraj, comma_separated([header, person]), name="Brzęczyszczykiewicz.csv")
    assert (found["name"], found["bad"]) == ("Brzęczyszczykiewicz.csv", 1)
    for table in ("import", "import_part", "import_row", "import_columns", "import_mark", "import_queue"):
        kept = await rows(network, "ops", f"select row_to_json(t)::text as row from intake.{table} as t")
        assert not [row for row in kept if "44051401358" in row["row"] or "Brzęcz" in row["row"]]
