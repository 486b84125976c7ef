"""The desk of a node as an application: its pages, and what becomes of refusals."""

from collections.abc import Sequence

from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from services.desk.api import Refused, Unreachable
from services.desk.context import Desk
from services.desk.faults import broken, http_fault, invalid_address, refused, unreachable
from services.desk.forms import Foreign
from services.desk.headers import Guarded
from services.desk.health import Health, looked
from services.desk.routes import ROUTERS
from services.desk.routes.signing_in import ask_to_sign_in, not_of_this_session
from services.desk.visitors import NotSignedIn
from services.kit.requests import SILENT


def desk_app(desk: Desk, routers: Sequence[APIRouter] = ROUTERS) -> FastAPI:
    """All pages of the desk."""
    app = FastAPI(
        title=f"Ścieżka: {desk.node}",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry=SILENT,
        dependencies=[Depends(looked)],
    )
    app.state.desk = desk
    app.state.health = Health(desk.directory)
    for router in routers:
        app.include_router(router)
    app.add_exception_handler(NotSignedIn, ask_to_sign_in)
    app.add_exception_handler(Foreign, not_of_this_session)
    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(Unreachable, unreachable)
    app.add_exception_handler(RequestValidationError, invalid_address)
    app.add_exception_handler(HTTPException, http_fault)
    app.add_exception_handler(Exception, broken)
    app.add_middleware(Guarded)
    return app
