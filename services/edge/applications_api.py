"""The routes of applications (wnioski): registered and worked on by their OPS."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Header, Query, Response

from contracts.applications import Application, ApplicationAction, ApplicationPage, NewApplication
from contracts.codes import ApplicationStatus
from services.edge import api
from services.edge.api import At, version_of
from services.edge.callers import Who
from services.kit.problems import not_found

router = APIRouter(prefix="/api/v1/applications", responses=api.router.responses)


@router.post("", status_code=201)
async def register_application(
    desks: At,
    caller: Who,
    response: Response,
    new: NewApplication,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
) -> Application:
    """Register an application that came in, also one on paper, of the person or of an institution without an account.

    An institution with an account sends a referral of kind `application` instead.
    """
    registered = await desks.applications.register(caller, new, idempotency_key)
    response.headers["Location"] = f"/api/v1/applications/{registered.id}"
    return _tagged(response, registered)


@router.get("")
async def list_applications(
    desks: At,
    caller: Who,
    status: ApplicationStatus | None = None,
    source: UUID | None = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> ApplicationPage:
    """The applications of the caller's OPS, newest first; with `source` the one that came from this referral."""
    return await desks.applications.page(caller, status, cursor, source)


@router.get("/{application_id}")
async def show_application(desks: At, caller: Who, response: Response, application_id: UUID) -> Application:
    """One application: where it stands, what is due, what may be done now."""
    found = await desks.applications.show(caller, application_id)
    if found is None:
        raise not_found()
    return _tagged(response, found)


@router.post("/{application_id}/actions/{action}")
async def act_on_application(
    desks: At,
    caller: Who,
    response: Response,
    application_id: UUID,
    action: str,
    body: Annotated[ApplicationAction | None, Body()] = None,
    if_match: Annotated[str | None, Header()] = None,
) -> Application:
    """Do one of the application's `available_actions`; `issue` sends the referral."""
    found = await desks.applications.act(
        caller, application_id, action, body or ApplicationAction(), version_of(if_match)
    )
    if found is None:
        raise not_found()
    return _tagged(response, found)


def _tagged(response: Response, application: Application) -> Application:
    response.headers["ETag"] = f'"{application.version}"'
    return application
