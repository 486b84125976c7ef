"""A session as its person, or a program, sees it."""

from collections.abc import Sequence
from datetime import datetime

from contracts.codes import Language
from contracts.directory import Directory
from contracts.sessions import Post, Session
from rules.roles import roles
from services.edge.models import Account, PostRow, Token
from services.edge.tokens import ends_at


def seen(
    directory: Directory,
    row: Token,
    account: Account | None,
    held: Sequence[PostRow],
    now: datetime,
    language: Language,
) -> Session:
    """Who this is, which posts they hold, and until when. Without an account: an institution's own token."""
    place = directory.find(row.agency)
    agency_name = row.agency if place is None else place.name
    if account is None:
        return Session(
            login=row.actor, name=agency_name, agency=row.agency, agency_name=agency_name, roles=tuple(row.roles)
        )
    (role,) = row.roles
    return Session(
        login=account.login,
        name=account.name,
        agency=row.agency,
        agency_name=agency_name,
        roles=(role,),
        role=role,
        label=label_of(role, language),
        posts=tuple(_post(directory, post, language) for post in held),
        expires_at=ends_at(row),
        ends_at=row.expires_at,
        seconds_left=int((ends_at(row) - now).total_seconds()),
    )


def label_of(role: str, language: Language) -> str:
    """The role in words; one that is no longer in the rules keeps its code."""
    return roles()[role].wording[language] if role in roles() else role


def _post(directory: Directory, post: PostRow, language: Language) -> Post:
    place = directory.find(post.agency)
    name = post.agency if place is None else place.name
    return Post(agency=post.agency, role=post.role, agency_name=name, label=label_of(post.role, language))
