"""The way in."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from services.desk.routes.signing_in import start_of
from services.desk.visitors import Who

router = APIRouter()


@router.get("/")
async def home(who: Who) -> RedirectResponse:
    """The day begins with what is to be done."""
    return RedirectResponse(start_of(who.role), 303)
