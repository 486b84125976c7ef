"""Requests seen from outside: an id, a span, one log line and the counts for each. No address, no query, no body.

The outermost layer of an application, so that a fault's answer has the id too.
"""

from collections.abc import Mapping
from time import perf_counter
from typing import Any

import structlog
from fastapi.telemetry import TelemetryConfig
from prometheus_client import Histogram
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kit import correlation, tracing
from services.kit.telemetry import origin

log = structlog.get_logger()

HEADER = "X-Request-Id"

SILENT: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""FastAPI's own telemetry, off: its spans hold addresses and queries as somebody typed them."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_POLLED = frozenset({"/health", "/ready", "/metrics"})
"""Asked every few seconds by machines: counted, but a line only when the answer is a refusal."""

_GONE = 499
"""Who asked has gone before the request was whole: a search that the next key replaced. Nobody is answered."""

_SECONDS = Histogram(
    "sciezka_http_request_seconds",
    "Time to answer a request, by method, route template and status",
    ["node", "method", "route", "status"],
)


class Requests:
    """An application as it was, watched."""

    def __init__(self, app: ASGIApp, node: str) -> None:
        self._app = app
        self._node = node

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with (
            correlation.begun() as identity,
            tracing.span("request", {"sciezka.node": self._node, "sciezka.correlation": str(identity)}, kind="server"),
        ):
            await self._watched(scope, receive, send, str(identity))

    async def _watched(self, scope: Scope, receive: Receive, send: Send, identity: str) -> None:
        started = perf_counter()
        status, fault = 500, dict[str, Any]()

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = identity
            await send(message)

        try:
            await self._app(scope, receive, named)
        except ClientDisconnect:
            status = _GONE
        except Exception as error:
            fault = origin(error)
            raise
        finally:
            self._tell(scope, status, perf_counter() - started, fault)

    def _tell(self, scope: Scope, status: int, seconds: float, fault: Mapping[str, Any]) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = _template(scope)
        _SECONDS.labels(self._node, method, route, str(status)).observe(seconds)
        codes = {"http.request.method": method, "http.route": route, "http.response.status_code": status}
        tracing.note(codes, name=f"{method} {route}")
        if route not in _POLLED or status >= 400:
            write = log.error if fault else log.info
            write("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1), **fault)


def _template(scope: Scope) -> str:
    """The route as it is written in the code; the address itself may hold anything a person typed."""
    route: Any = scope.get("route")
    return getattr(route, "path", None) or "unmatched"
