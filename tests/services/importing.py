"""Steps of the tests about imports."""

import csv
import io
import json
from typing import Any

import httpx2

from tests.imports.sheets import listed
from tests.nodes import Office, eventually

Sheet = list[list[str]]


def sheet(office: Office, receiver: str, count: int) -> Sheet:
    """A list of so many fresh people, under Polish headers."""
    return listed([office.body(receiver) for _ in range(count)])


async def send(
    office: Office, content: bytes, *, language: str = "pl", name: str = "lista.csv", **fields: Any
) -> httpx2.Response:
    """Send a file in, with the other fields of the form."""
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in fields.items()}
    return await office.http.post(
        "/referrals/import", files={"file": (name, content)}, data=texts, headers={"Accept-Language": language}
    )


async def begun(office: Office, content: bytes, **fields: Any) -> str:
    """The id of the import of this file."""
    answer = await send(office, content, **fields)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/api/v1/imports/{answer.json()['id']}"
    identity: str = answer.json()["id"]
    return identity


async def ended(office: Office, import_id: str) -> dict[str, Any]:
    """The import when nothing more will be done about it."""

    async def over() -> dict[str, Any] | None:
        found: dict[str, Any] = (await office.http.get(f"/imports/{import_id}")).json()
        return found if found["finished_at"] else None

    found: dict[str, Any] = await eventually(over, within=60)
    return found


async def imported(office: Office, content: bytes, **fields: Any) -> dict[str, Any]:
    """The import of this file when all its rows are done."""
    found = await ended(office, await begun(office, content, **fields))
    assert found["state"] == "done"
    return found


def counts(found: dict[str, Any]) -> tuple[int, int, int]:
    """Created, same, bad."""
    assert found["done"] == found["total"] == found["created"] + found["same"] + found["bad"]
    return found["created"], found["same"], found["bad"]


async def outcomes(office: Office, found: dict[str, Any], **narrowed: Any) -> list[dict[str, Any]]:
    """What became of the rows."""
    answer = await office.http.get(f"/imports/{found['id']}/rows", params=narrowed)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def to_correct(office: Office, found: dict[str, Any], language: str = "pl") -> Sheet:
    """The file of bad rows as a spreadsheet shows it."""
    headers = {"Accept-Language": language}
    answer = await office.http.get(f"/imports/{found['id']}/bad-rows", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
