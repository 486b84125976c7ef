"""The HTTP application of a node: routes, problems, and answers that no cache keeps."""

from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.edge.accounts_api import colleagues as colleagues_router
from services.edge.accounts_api import router as accounts_router
from services.edge.api import Desks, router
from services.edge.applications_api import router as applications_router
from services.edge.attachments_api import router as attachments_router
from services.edge.bodies import BodyLimit, is_json
from services.edge.clients_api import router as clients_router
from services.edge.connections_api import router as connections_router
from services.edge.docs import page
from services.edge.drafts_api import router as drafts_router
from services.edge.imports_api import router as imports_router
from services.edge.institutions_api import router as institutions_router
from services.edge.notices_api import router as notices_router
from services.edge.openapi import Documented
from services.edge.places_api import router as places_router
from services.edge.receivers_api import router as receivers_router
from services.edge.road_api import router as road_router
from services.edge.rules_api import router as rules_router
from services.edge.session_api import router as session_router
from services.edge.unfinished_api import router as unfinished_router
from services.edge.work_api import router as work_router
from services.edge.worklist_api import router as worklist_router
from services.kit.outages import DATABASE_ERRORS, is_down
from services.kit.problems import MEDIA_TYPE, Problem, language_of
from services.kit.requests import SILENT
from services.kit.validation import from_validation

log = structlog.get_logger()


def edge_app(node: str, desks: Desks) -> FastAPI:
    """The public interface of this node; OpenAPI at `/docs`."""
    app = Documented(
        title=f"Ścieżka: {node}",
        version="1",
        docs_url=None,
        redoc_url=None,
        telemetry=SILENT,
    )
    app.state.desks = desks
    app.include_router(session_router)
    app.include_router(router)
    app.include_router(drafts_router)
    app.include_router(receivers_router)
    app.include_router(clients_router)
    app.include_router(worklist_router)
    app.include_router(road_router)
    app.include_router(connections_router)
    app.include_router(accounts_router)
    app.include_router(colleagues_router)
    app.include_router(institutions_router)
    app.include_router(attachments_router)
    app.include_router(applications_router)
    app.include_router(unfinished_router)
    app.include_router(notices_router)
    app.include_router(places_router)
    app.include_router(imports_router)
    app.include_router(work_router)
    app.include_router(rules_router)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for kind in DATABASE_ERRORS:
        app.add_exception_handler(kind, _database)
    app.add_middleware(BodyLimit, refuse=lambda request: _answer(request, Problem("too_large")))
    app.add_middleware(_NoStore)

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        return HTMLResponse(page(app.openapi()), headers=policy)

    return app


class _NoStore:
    """Plain ASGI: Starlette's middleware functions start tasks of their own for every request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, marked)


def _answer(request: Request, problem: Problem) -> JSONResponse:
    language = language_of(request.headers.get("accept-language"))
    headers: dict[str, str] = {"Content-Language": language}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if problem.status == 503:
        headers["Retry-After"] = "5"
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    return JSONResponse(problem.body(language), problem.status, headers, MEDIA_TYPE)


async def _problem(request: Request, error: Any) -> Response:
    return _answer(request, error)


async def _invalid(request: Request, error: Any) -> Response:
    """An id that cannot be one is simply not there; everything else is a field to correct."""
    places = [item["loc"] for item in error.errors()]
    if any(place[0] == "path" for place in places):
        return _answer(request, Problem("not_found"))
    if ("body",) in places and error.body and not is_json(request):
        return _answer(request, Problem("not_json"))
    return _answer(request, from_validation(error.errors()))


async def _http(request: Request, error: Any) -> Response:
    known = {400: "malformed", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
    code = known.get(error.status_code)
    if code is None:
        return JSONResponse({"status": error.status_code}, error.status_code, media_type=MEDIA_TYPE)
    answer = _answer(request, Problem(code))
    answer.headers.update(error.headers or {})  # a 405 tells which methods there are
    return answer


async def _database(request: Request, error: Any) -> Response:
    """A dependency that is down is said plainly; any other database error is a fault of ours."""
    if not is_down(error):
        raise error
    route = getattr(request.scope.get("route"), "path", None)  # not the address: a person may have typed anything there
    log.warning("request_refused", cause=type(error).__name__, route=route)
    return _answer(request, Problem("unavailable"))
