"""What operators ask of any process: `/health`, `/ready`, `/metrics`, `/asyncapi`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from faststream.nats import NatsBroker
from faststream.specification import AsyncAPI
from prometheus_client import CONTENT_TYPE_LATEST

from contracts.subjects import PATH_NODE, services_of
from services.kit.database import Database
from services.kit.health import unready
from services.kit.measures import OF_EVERY_SERVICE, Measure
from services.kit.metrics import metrics
from workflows.measures import MEASURES

Check = Callable[[], Awaitable[list[str]]]
"""What is wrong, in words: a process is not ready while there is any."""


def add_operations(
    app: FastAPI, node: str, broker: NatsBroker, databases: Mapping[str, Database], checks: Sequence[Check] = ()
) -> None:
    """Add the four routes. They need no token and tell nothing about any person."""

    @app.get("/health", include_in_schema=False)
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/ready", include_in_schema=False)
    async def ready() -> Response:
        missing = await unready(broker, databases)
        for check in () if missing else checks:
            missing += await check()
        return JSONResponse({"ready": not missing, "missing": missing}, 503 if missing else 200)

    @app.get("/metrics", include_in_schema=False)
    async def numbers() -> Response:
        asked = {service: _measures(service) for service in services_of(node) if service in databases}
        return Response(await metrics(node, broker, databases, asked), media_type=CONTENT_TYPE_LATEST)

    @app.get("/asyncapi", include_in_schema=False)
    async def asyncapi() -> Response:
        document = AsyncAPI(broker, title=f"Ścieżka: {node}", schema_version="3.0.0").to_specification().to_json()
        return Response(document, media_type="application/json")


def _measures(service: str) -> tuple[Measure, ...]:
    return (*OF_EVERY_SERVICE, *MEASURES) if service == PATH_NODE else OF_EVERY_SERVICE
