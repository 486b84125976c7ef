"""The public interface of the node, called in the name of whoever looks. The desk has no other way in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx2
from pydantic import BaseModel

from contracts.api import ProblemField
from contracts.codes import Language
from contracts.sessions import PASSIVE
from services.desk.language import texts

M = TypeVar("M", bound=BaseModel)

SECONDS = 20.0
"""How long an answer is waited for: longer than the interface itself waits for its database."""


_NO_DAY = frozenset({"date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"})
"""Codes of what is no day. The interface asks programs for one form of it; people may type it in several."""

_NO_MOMENT = ("meet_at", "value_error")
"""Field and code of what is no day with its time."""


class Refused(Exception):
    """The interface's refusal (RFC 9457), worded for people. `code` is the last part of its type."""

    def __init__(
        self, status: int, code: str, title: str, errors: tuple[ProblemField, ...] = (), links: tuple[str, ...] = ()
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.title = title
        self.errors = errors
        self.links = links

    @property
    def fields(self) -> dict[str, str]:
        """What is wrong by dotted field name, the first of each."""
        found: dict[str, str] = {}
        for error in self.errors:
            found.setdefault(error.field, error.message)
        return found


class Unreachable(Exception):
    """The interface gave no answer: whether something was done is not known."""


class Api:
    """The interface, over HTTP or in the same process."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    def of(self, token: str | None, language: Language, *, passive: bool = False) -> "Calls":
        """Calls as the holder of this token; without one, those that need none. `passive`: they do not keep a session
        going."""
        headers: dict[str, str] = {"Accept-Language": language}
        if passive:
            headers[PASSIVE] = "1"
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return Calls(self._client, headers, language)

    async def close(self) -> None:
        await self._client.aclose()


@dataclass(frozen=True)
class Calls:
    """Every method raises Refused or Unreachable."""

    client: httpx2.AsyncClient
    headers: Mapping[str, str]
    language: Language

    async def get(self, path: str, model: type[M], **query: Any) -> M:
        """What is there. Parameters that are None are left out."""
        given = {name: value for name, value in query.items() if value is not None}
        return _read(await self.raw("GET", path, params=given), model)

    async def post(
        self, path: str, model: type[M], body: Any = None, *, key: str | None = None, if_match: str | None = None
    ) -> M:
        """Create or do. `key`: the Idempotency-Key; `if_match`: the version that was looked at."""
        return _read(await self._send("POST", path, body, key, if_match), model)

    async def put(self, path: str, model: type[M], body: Any, *, if_match: str | None = None) -> M:
        return _read(await self._send("PUT", path, body, None, if_match), model)

    async def delete(self, path: str, *, if_match: str | None = None) -> None:
        await self._send("DELETE", path, None, None, if_match)

    async def raw(self, method: str, path: str, **how: Any) -> httpx2.Response:
        """The answer itself, for files."""
        headers = {**self.headers, **how.pop("headers", {})}
        try:
            answer = await self.client.request(method, path, headers=headers, timeout=SECONDS, **how)
        except httpx2.TransportError as error:
            raise Unreachable(type(error).__name__) from None
        if answer.status_code >= 400:
            raise _refusal(answer, self.language)
        return answer

    async def _send(self, method: str, path: str, body: Any, key: str | None, if_match: str | None) -> httpx2.Response:
        headers = {}
        if key is not None:
            headers["Idempotency-Key"] = key
        if if_match is not None:
            headers["If-Match"] = f'"{if_match}"'
        if body is None:
            return await self.raw(method, path, headers=headers)
        if isinstance(body, BaseModel):
            body = body.model_dump(mode="json", exclude_unset=True)
        return await self.raw(method, path, headers=headers, json=body)


def _read(answer: httpx2.Response, model: type[M]) -> M:
    return model.model_validate_json(answer.content)


def worded(errors: Iterable[ProblemField], language: Language) -> tuple[ProblemField, ...]:
    """The errors as people are told of them."""
    say = texts(language).gettext
    no_day = say(_("Podaj datę, na przykład 3.12.2026."))
    no_moment = say(_("Podaj dzień i godzinę, na przykład 3.12.2026 i 10:30."))

    def said(each: ProblemField) -> str:
        if (each.field, each.code) == _NO_MOMENT:
            return no_moment
        return no_day if each.code in _NO_DAY else each.message

    return tuple(each.model_copy(update={"message": said(each)}) for each in errors)


def _refusal(answer: httpx2.Response, language: Language) -> Refused:
    try:
        told = answer.json()
    except ValueError:
        told = {}
    errors = (ProblemField.model_validate(error) for error in told.get("errors", ()))
    return Refused(
        answer.status_code,
        str(told.get("type", "")).rpartition(":")[2],
        told.get("title", ""),
        worded(errors, language),
        tuple(told.get("links", ())),
    )


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message
