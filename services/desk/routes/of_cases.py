"""Pages about cases: whoever only administers an institution is kept out, as the interface keeps them out."""

from fastapi import Depends, HTTPException

from rules.roles import sees_cases
from services.desk.visitors import Who


async def _sees_cases(who: Who) -> None:
    if not sees_cases([who.role]):
        raise HTTPException(403)


OF_CASES = [Depends(_sees_cases)]
