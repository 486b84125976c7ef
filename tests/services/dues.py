"""Deadlines as the list of an institution tells them."""

from typing import Any

from tests.nodes import Office


async def dues(office: Office, *, moved: bool) -> list[dict[str, Any]]:
    """All of them, page by page: the tests of a session share the institutions, and the pages fill."""
    items: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next": ""}
    while page["next"] is not None:
        cursor = {"cursor": page["next"]} if page["next"] else {}
        page = (await office.http.get("/deadlines", params={"moved": moved, **cursor})).json()
        items += page["items"]
    return items
