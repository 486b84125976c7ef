"""What operators ask of any process: `/health`, `/ready`, `/metrics`, `/asyncapi`."""

from collections.abc import Mapping

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from faststream.nats import NatsBroker
from faststream.specification import AsyncAPI
from prometheus_client import CONTENT_TYPE_LATEST

from services.kit.database import Database
from services.kit.health import unready
from services.kit.telemetry import metrics


def add_operations(app: FastAPI, node: str, broker: NatsBroker, databases: Mapping[str, Database]) -> None:
    """Add the four routes. They need no token and tell nothing about any person."""

    @app.get("/health", include_in_schema=False)
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/ready", include_in_schema=False)
    async def ready() -> Response:
        missing = await unready(broker, databases)
        return JSONResponse({"ready": not missing, "missing": missing}, 503 if missing else 200)

    @app.get("/metrics", include_in_schema=False)
    async def numbers() -> Response:
        plumbed = {name: database for name, database in databases.items() if name != "edge"}
        return Response(await metrics(node, plumbed), media_type=CONTENT_TYPE_LATEST)

    @app.get("/asyncapi", include_in_schema=False)
    async def asyncapi() -> Response:
        document = AsyncAPI(broker, title=f"Ścieżka: {node}", schema_version="3.0.0").to_specification().to_json()
        return Response(document, media_type="application/json")
