"""The routes of questions about places: asked of several institutions at once, without a person's data."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query

from contracts.places import NewPlaceQuestion, PlaceAnswer, PlaceQuestion, PlaceQuestionPage
from services.edge import api
from services.edge.api import At
from services.edge.callers import Who
from services.kit.problems import not_found

router = APIRouter(prefix="/api/v1/place-questions", responses=api.router.responses)


@router.post("", status_code=201)
async def ask_for_places(
    desks: At,
    caller: Who,
    new: NewPlaceQuestion,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
) -> PlaceQuestionPage:
    """Ask several institutions whether they have places; each is to answer within three working days."""
    return await desks.asked_places.ask(caller, new, idempotency_key)


@router.get("")
async def list_place_questions(
    desks: At,
    caller: Who,
    box: Literal["received", "asked"] = "received",
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> PlaceQuestionPage:
    """Received or asked questions, newest first."""
    side = desks.places_to_tell if box == "received" else desks.asked_places
    return await side.page(caller, cursor)


@router.get("/{question_id}")
async def show_place_question(desks: At, caller: Who, question_id: UUID) -> PlaceQuestion:
    """One question, received or asked."""
    for side in (desks.places_to_tell, desks.asked_places):
        found = await side.show(caller, question_id)
        if found is not None:
            return found
    raise not_found()


@router.post("/{question_id}/answer")
async def answer_place_question(desks: At, caller: Who, question_id: UUID, answer: PlaceAnswer) -> PlaceQuestion:
    """Tell how many places are free, and from when on; once."""
    found = await desks.places_to_tell.answer(caller, question_id, answer)
    if found is None:
        raise not_found()
    return found
