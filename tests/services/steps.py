"""Steps that many tests begin with."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from rules.calendar import local_day
from tests.nodes import Network, Office

PROBLEM = "urn:sciezka:problem:"
SOON = str(local_day(datetime.now(UTC)) + timedelta(days=14))
"""A day on which an answer may be asked for."""


def done(answer: httpx2.Response, status: int = 200) -> dict[str, Any]:
    """The referral in the answer to an action that succeeded."""
    assert answer.status_code == status, answer.text
    referral: dict[str, Any] = answer.json()
    return referral


def refused(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code of a problem."""
    return answer.status_code, answer.json()["type"].removeprefix(PROBLEM)


def errors(answer: httpx2.Response) -> list[tuple[str, str]]:
    """Field and code of each field that must be corrected."""
    assert answer.status_code == 422, answer.text
    return [(error["field"], error["code"]) for error in answer.json()["errors"]]


async def delivered(sender: Office, receiver: str, /, **changes: Any) -> str:
    """The id of a referral that has arrived and that nobody there has opened yet."""
    sent = await sender.send(receiver, **changes)
    await sender.has(sent["id"], status="delivered")
    identity: str = sent["id"]
    return identity


async def club(network: Network) -> tuple[Office, Office, Office]:
    """An OPS that sends to a KIS of the same node, and the two people of that KIS: coordinator and head."""
    coordinator = await network.person("kis-zdunska-wola", "KIS_COORDINATOR")
    head = await network.person("kis-zdunska-wola", "KIS_HEAD")
    return network.office("ops-zdunska-wola"), coordinator, head


def actions(referral: dict[str, Any]) -> set[str]:
    """The names of the actions offered."""
    return {action["action"] for action in referral["available_actions"]}
