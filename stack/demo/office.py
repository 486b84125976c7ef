"""One institution of the demo at its node's public interface: by its own token, or as a person who signs in."""

import asyncio
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2


class Office:
    """`entry`: what the file of credentials tells of the institution."""

    def __init__(self, http: httpx2.AsyncClient, slug: str, entry: dict[str, Any]) -> None:
        self._http = http
        self._slug = slug
        self._api: str = f"{entry['url']}/api/v1"
        self._token: str = entry["token"]
        self._users: list[dict[str, str]] = entry["users"]
        self._sessions: dict[str, str | None] = {}
        self._signing_in = asyncio.Lock()

    async def post(
        self, path: str, content: dict[str, Any], *, role: str | None = None, **headers: str
    ) -> httpx2.Response:
        """What the interface answers to the institution, or to its person in this role. Raises httpx2.HTTPError."""
        session = None if role is None else await self._session(role)
        headers["Authorization"] = f"Bearer {session or self._token}"
        return await self._http.post(f"{self._api}{path}", json=content, headers=headers)

    async def find(self, path: str) -> dict[str, Any] | None:
        """What this institution sees at this address; None as long as it has not arrived."""
        answer = await self._get(path)
        found: dict[str, Any] | None = answer.json() if answer.is_success else None
        return found

    async def now(self) -> datetime:
        """The time at its node, as its answers are dated."""
        return parsedate_to_datetime((await self._get("/session")).raise_for_status().headers["Date"])

    async def sign_out(self) -> None:
        """End the sessions of its people."""
        for token in filter(None, self._sessions.values()):
            await self._http.delete(f"{self._api}/session", headers={"Authorization": f"Bearer {token}"})

    async def _get(self, path: str) -> httpx2.Response:
        return await self._http.get(f"{self._api}{path}", headers={"Authorization": f"Bearer {self._token}"})

    async def _session(self, role: str) -> str | None:
        """The token of the person in this role, who signs in once; None when they cannot: on a data folder of an
        earlier release they may have chosen another password."""
        async with self._signing_in:
            if role not in self._sessions:
                user = next(user for user in self._users if user["role"] == role)
                post = {"agency": self._slug, "role": role}
                wanted = {"login": user["login"], "password": user["password"], "post": post}
                answer = await self._http.post(f"{self._api}/session", json=wanted)
                self._sessions[role] = answer.json()["token"] if answer.is_success else None
            return self._sessions[role]
