"""Requests that end before they are whole."""

from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

from services.kit.requests import Requests

SCOPE: dict[str, Any] = {"type": "http", "method": "POST", "path": "/referrals/new", "headers": []}


async def gone(scope: Scope, receive: Receive, send: Send) -> None:
    raise ClientDisconnect


async def nothing() -> Message:
    return {"type": "http.disconnect"}


async def nobody(message: Message) -> None:
    raise AssertionError("nobody is there to be answered")


async def test_somebody_who_goes_before_the_request_is_whole_is_no_fault_of_ours() -> None:
    with capture_logs() as said:
        await Requests(gone, "ops")(SCOPE, nothing, nobody)
    (line,) = said
    assert (line["log_level"], line["status"]) == ("info", 499)
