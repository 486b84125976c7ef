"""Pages that only an OPS has: for anybody else they are not there."""

from fastapi import Depends, HTTPException

from services.desk.visitors import Who


async def _ops(who: Who) -> None:
    if who.agency.kind != "ops":
        raise HTTPException(404)


OPS_ONLY = [Depends(_ops)]
