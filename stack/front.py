"""One address for a node: its interface and its desk."""

from starlette.types import ASGIApp, Receive, Scope, Send

INTERFACE = ("/api/", "/docs", "/openapi.json", "/asyncapi", "/health", "/ready", "/metrics")
"""What belongs to the interface; every other address is a page of the desk."""


class Front:
    """Passes each request on by its address."""

    def __init__(self, interface: ASGIApp, desk: ASGIApp) -> None:
        self._interface = interface
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._interface if scope.get("path", "/").startswith(INTERFACE) else self._desk
        await app(scope, receive, send)
