"""Deadlines as the list of an institution tells them."""

from typing import Any

from tests.nodes import Office, eventually


async def dues(office: Office, *, moved: bool) -> list[dict[str, Any]]:
    """All of them, page by page: the tests of a session share the institutions, and the pages fill."""
    items: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next": ""}
    while page["next"] is not None:
        cursor = {"cursor": page["next"]} if page["next"] else {}
        page = (await office.http.get("/deadlines", params={"moved": moved, **cursor})).json()
        items += page["items"]
    return items


async def claim_of(office: Office, referral_id: str, *, moved: bool) -> dict[str, Any]:
    """The claim deadline of this referral in the institution's list, once it is there, or once it has moved.

    Rules that change before it is there move nothing: it begins under them.
    """

    async def seen() -> dict[str, Any] | None:
        own = [each for each in await dues(office, moved=moved) if each["referral_id"] == referral_id]
        return next((each for each in own if each["rule"] == "claim"), None)

    found: dict[str, Any] = await eventually(seen)
    return found
