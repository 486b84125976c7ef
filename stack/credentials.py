"""`<data>/credentials.json`: per institution its address, its token and its people, made once, mode 600.

The node's database knows only hashes of what stands here.
"""

import json
import secrets
from pathlib import Path
from typing import Any

from contracts.directory import Agency, Directory
from rules.roles import roles_of
from services.edge.tokens import Tokens
from stack.files import write_private


def credentials_path(data: Path) -> Path:
    return data / "credentials.json"


def read_credentials(data: Path) -> dict[str, dict[str, Any]]:
    """By institution: url, token, users (login, password, role). Raises FileNotFoundError."""
    credentials: dict[str, dict[str, Any]] = json.loads(credentials_path(data).read_text(encoding="utf-8"))
    return credentials


def ensure_credentials(data: Path, directory: Directory, urls: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Complete the file for every institution; tokens and passwords stay, addresses are brought up to date."""
    known = read_credentials(data) if credentials_path(data).exists() else {}
    complete = {
        agency.slug: _entry(agency, known.get(agency.slug, {})) | {"url": urls[agency.node]}
        for agency in directory.agencies
    }
    if complete != known:
        write_private(credentials_path(data), json.dumps(complete, ensure_ascii=False, indent=2))
    return complete


async def register(tokens: Tokens, agencies: list[Agency], credentials: dict[str, dict[str, Any]]) -> None:
    """Let a node know the tokens and people of its institutions."""
    for agency in agencies:
        entry = credentials[agency.slug]
        await tokens.register_agency(agency.slug, entry["token"], roles_of(agency.kind))
        await tokens.register_accounts(
            agency.slug, [(user["login"], user["role"], user["password"]) for user in entry["users"]]
        )


def _entry(agency: Agency, known: dict[str, Any]) -> dict[str, Any]:
    """What is known stays; a role that nobody has yet, since it is new, gets a person."""
    users = known.get("users", [])
    missing = roles_of(agency.kind) - {user["role"] for user in users}
    people = [_person(agency, role) for role in sorted(missing)]
    return {"token": secrets.token_urlsafe(32), **known, "users": [*users, *people]}


def _person(agency: Agency, role: str) -> dict[str, str]:
    login = f"{role.lower().replace('_', '-')}@{agency.slug}"
    return {"login": login, "password": secrets.token_urlsafe(12), "role": role}
