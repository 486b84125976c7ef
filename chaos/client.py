"""An institution as a client of the public interface: it writes down what it does and never gives up by itself."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from chaos.history import History

PAUSE_SECONDS = 0.2
"""Before a call whose outcome is unknown is made again."""


@dataclass(frozen=True)
class Answer:
    """What came of one call; `code` 0 when nobody knows."""

    code: int
    body: dict[str, Any]


UNKNOWN = Answer(0, {})


@dataclass(frozen=True)
class Institution:
    """One agency with its token."""

    slug: str
    url: str
    token: str
    http: httpx2.AsyncClient
    history: History

    async def submit(self, content: Mapping[str, Any], key: str) -> Answer:
        """Send a referral; asked again with the same key until somebody knows the outcome."""
        while True:
            answer = await self.submit_once(content, key)
            if answer is not UNKNOWN:
                return answer
            await asyncio.sleep(PAUSE_SECONDS)

    async def submit_once(self, content: Mapping[str, Any], key: str) -> Answer:
        return await self._call("submit", "POST", "/referrals", dict(content), key=key)

    async def act(self, referral: str, action: str, **fields: Any) -> Answer:
        """One attempt at an action; UNKNOWN when nobody knows the outcome."""
        return await self._call(action, "POST", f"/referrals/{referral}/actions/{action}", fields, referral=referral)

    async def show(self, referral: str) -> dict[str, Any] | None:
        """The referral as this institution sees it now, None while it does not; waits for a system that is away."""
        while True:
            answer = await self._call("show", "GET", f"/referrals/{referral}", referral=referral)
            if answer is not UNKNOWN:
                return answer.body if answer.code == 200 else None
            await asyncio.sleep(PAUSE_SECONDS)

    async def box(self, name: str) -> list[dict[str, Any]]:
        """All referrals in `inbox` or `sent`. Raises httpx2.HTTPError: asked for only when the system is whole."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            answer = await self.http.get(f"{self.url}/api/v1/referrals?box={name}{cursor}", headers=self._headers(None))
            answer.raise_for_status()
            page = answer.json()
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = f"&cursor={page['next']}"

    async def _call(
        self,
        action: str,
        method: str,
        path: str,
        content: dict[str, Any] | None = None,
        *,
        key: str | None = None,
        referral: str | None = None,
    ) -> Answer:
        begun = self.history.invoke(self.slug, action, key=key, referral=referral)
        try:
            answer = await self.http.request(
                method, f"{self.url}/api/v1{path}", json=content, headers=self._headers(key)
            )
        except httpx2.TransportError:
            self.history.learn(begun, "info")
            return UNKNOWN
        assert answer.status_code != 500, f"{method} {action}: an error that is no outage"
        if answer.status_code > 500:
            self.history.learn(begun, "info", code=answer.status_code)
            return UNKNOWN
        body: dict[str, Any] = answer.json()
        if answer.status_code >= 400:
            self.history.learn(begun, "fail", code=answer.status_code)
        else:
            shown = {name: body.get(name) for name in ("status", "version")}
            self.history.learn(begun, "ok", code=answer.status_code, referral=body["id"], **shown)
        return Answer(answer.status_code, body)

    def _headers(self, key: str | None) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self.token}"}
        return headers if key is None else headers | {"Idempotency-Key": key}
