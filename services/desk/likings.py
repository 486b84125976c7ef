"""How an account likes its lists: kept as the part of the list's address that says so, so it outlives a session."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from fastapi import HTTPException
from pydantic import ValidationError
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import select

from contracts.base import Message
from services.desk.context import Desk
from services.desk.listing import query_of
from services.desk.models import Liking
from services.desk.visitors import Visitor


async def liking(desk: Desk, who: Visitor, name: str, view: type[Message]) -> str:
    """The query of this list that the account has chosen last; empty when none, or none that the list still knows."""
    query = select(Liking.query).where(Liking.login == who.login, Liking.list == name)
    async with desk.database.transaction(who.agency.slug) as session:
        kept = (await session.exec(query)).one_or_none() or ""
    return kept if _fits(view, dict(parse_qsl(kept))) else ""


async def like(desk: Desk, who: Visitor, name: str, view: type[Message], wish: Mapping[str, str | None]) -> str:
    """Show the list like this from now on; the query that says so. Raises HTTPException 404 for what no list has."""
    told = {field: value for field, value in wish.items() if value}
    if not _fits(view, told):
        raise HTTPException(404)
    query = query_of(**told)
    row = insert(Liking).values(agency=who.agency.slug, login=who.login, list=name, query=query)
    kept = row.on_conflict_do_update(index_elements=["agency", "login", "list"], set_={"query": row.excluded.query})
    async with desk.database.transaction(who.agency.slug) as session:
        await session.execute(kept)
    return query


def _fits(view: type[Message], told: Mapping[str, str]) -> bool:
    try:
        view.model_validate_strings(told)
    except ValidationError:
        return False
    return True
