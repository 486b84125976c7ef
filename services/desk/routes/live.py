"""Changes as they happen: an open page is told that something of its institution is new, never what."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from services.desk import live
from services.desk.context import At
from services.desk.live import FULL, Hub, TooMany, changes
from services.desk.rows import quiet
from services.desk.visitors import LIVE, Who

router = APIRouter()


@router.get(LIVE)
async def follow(desk: At, who: Who) -> Response:
    """Server-sent events of this person's institution, until their session ends."""
    hub: Hub = desk.parts[live.PART]
    stream = changes(hub, who.agency.slug, who.login, quiet(who.calls(desk)))
    try:
        first = await anext(stream)
    except TooMany:
        return Response(FULL, media_type="text/event-stream")

    async def whole() -> AsyncIterator[bytes]:
        yield first
        async for word in stream:
            yield word

    return StreamingResponse(whole(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
