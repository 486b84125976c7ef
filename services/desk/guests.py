"""Whoever looks at a page that is there for everybody."""

from typing import Annotated

from fastapi import Depends, Request

from services.desk.context import At
from services.desk.visitors import NotSignedIn, Visitor, visitor


async def guest(request: Request, desk: At) -> Visitor | None:
    """The person behind the cookie; None for somebody who is not signed in."""
    try:
        return await visitor(request, desk)
    except NotSignedIn:
        return None


Guest = Annotated[Visitor | None, Depends(guest)]
