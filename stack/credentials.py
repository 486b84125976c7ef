"""`<data>/credentials.json`: per institution its address, its token and its people, made once, mode 600.

The node's database knows only hashes of what stands here. On a training stack everybody who decides something is here,
by an invented name; on any other only an administrator of each institution, who lets in the others.
"""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contracts.directory import Agency, Directory
from rules.roles import administers, deciding_roles, roles_of
from services.edge.people import Person, lend
from services.edge.people import register as register_people
from services.edge.tokens import Tokens
from services.kit.clock import Clock
from services.kit.database import Database
from stack.demo.people import names
from stack.files import write_private

Credentials = dict[str, dict[str, Any]]
"""By institution: url, token, users (login, password, role, name)."""

_NAME_OF_ADMIN = "Administrator"


def credentials_path(data: Path) -> Path:
    return data / "credentials.json"


def read_credentials(data: Path) -> Credentials:
    """What stands in the file. Raises FileNotFoundError."""
    credentials: Credentials = json.loads(credentials_path(data).read_text(encoding="utf-8"))
    return credentials


def ensure_credentials(data: Path, directory: Directory, urls: dict[str, str], *, training: bool) -> Credentials:
    """Complete the file for every institution; tokens and passwords stay, addresses are brought up to date."""
    known = read_credentials(data) if credentials_path(data).exists() else {}
    taken = {user["name"] for entry in known.values() for user in entry["users"] if "name" in user}
    unused = names(taken)
    complete = {
        agency.slug: _entry(agency, known.get(agency.slug, {}), unused if training else None)
        | {"url": urls[agency.node]}
        for agency in directory.agencies
    }
    for agency in directory.agencies:
        complete[agency.slug]["users"] += _borrowed(agency, directory, complete)
    if complete != known:
        write_private(credentials_path(data), json.dumps(complete, ensure_ascii=False, indent=2))
    return complete


async def register(database: Database, clock: Clock, agencies: list[Agency], credentials: Credentials) -> None:
    """Let a node know the tokens and people of its institutions."""
    tokens = Tokens(database, clock)
    for agency in agencies:
        entry = credentials[agency.slug]
        await tokens.register_agency(agency.slug, entry["token"], deciding_roles(agency.kind))
        own = [Person(**user) for user in entry["users"] if _home(user) == agency.slug]
        await register_people(database, agency.slug, own)
    for agency in agencies:  # who is lent has an account by now
        others = [Person(**user) for user in credentials[agency.slug]["users"] if _home(user) != agency.slug]
        await lend(database, agency.slug, others)


def _entry(agency: Agency, known: dict[str, Any], unused: Iterator[str] | None) -> dict[str, Any]:
    """What is known stays; a role that nobody has yet, since it is new, gets a person."""
    users = known.get("users", [])
    admins = {role for role in roles_of(agency.kind) if administers([role])}
    wanted = admins if unused is None else admins | deciding_roles(agency.kind)
    missing = sorted(wanted - {user["role"] for user in users})
    users = [*users, *(_person(agency, role) for role in missing)]
    named = [{**user, "name": user.get("name") or _name(unused)} for user in users]
    return {"token": secrets.token_urlsafe(32), **known, "users": named}


def _name(unused: Iterator[str] | None) -> str:
    return _NAME_OF_ADMIN if unused is None else next(unused)


def _person(agency: Agency, role: str) -> dict[str, str]:
    login = f"{role.lower().replace('_', '-')}@{agency.slug}"
    return {"login": login, "password": secrets.token_urlsafe(12), "role": role}


def _borrowed(agency: Agency, directory: Directory, credentials: Credentials) -> list[dict[str, str]]:
    """The people of other institutions of this node whom the directory gives a role here too."""
    own = {(user["login"], user["role"]) for user in credentials[agency.slug]["users"]}
    neighbours = [each.slug for each in directory.agencies if each.node == agency.node and each != agency]
    others = {user["login"]: user for slug in neighbours for user in credentials[slug]["users"]}
    return [
        {**others[adviser.login], "role": adviser.role}
        for adviser in agency.advisers
        if adviser.login in others and (adviser.login, adviser.role) not in own
    ]


def _home(user: dict[str, str]) -> str:
    """A login ends with the institution that keeps the account."""
    return user["login"].rpartition("@")[2]
