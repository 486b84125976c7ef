"""A person at a desk without a browser: pages are read, forms are filled in and sent, as HTML alone allows."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx2


@dataclass
class Form:
    """A form of a page with the values that it would send as it stands."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects what a test asks for: forms, links, headings, the text."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self._form: Form | None = None
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name"), given.get("value") or ""
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        elif tag == "form":
            self._form = Form(given.get("action") or "", (given.get("method") or "get").lower())
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "button" and name:
            self._form.buttons.append((name, value))
        elif tag == "input" and name:
            kind = given.get("type", "text")
            if kind in ("radio", "checkbox"):
                self._form.fields.setdefault(name, []).extend([value] if "checked" in given else [])
            elif kind not in ("submit", "file"):
                self._form.fields.setdefault(name, []).append(value)
        elif tag == "select" and name:
            self._select = name
            self._form.fields.setdefault(name, [])
        elif tag == "option" and self._select and "selected" in given:
            self._form.fields[self._select] = [value]
        elif tag == "textarea" and name:
            self._area = name
            self._form.fields[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area and self._form:
            self._form.fields[self._area][0] += data.removeprefix("\n")
        elif data.strip():
            self.words.append(" ".join(data.split()))


@dataclass(frozen=True)
class Page:
    """An answer as a page."""

    answer: httpx2.Response
    forms: list[Form]
    links: list[str]
    text: str

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def address(self) -> str:
        return self.answer.url.path

    @property
    def html(self) -> str:
        return self.answer.text

    def form(self, action: str) -> Form:
        """The form that is sent to this address."""
        return next(form for form in self.forms if form.action.partition("?")[0] == action)


def page_of(answer: httpx2.Response) -> Page:
    reader = _Reader()
    reader.feed(answer.text)
    return Page(answer, reader.forms, reader.links, " ".join(reader.words))


class Browser:
    """One person's browser: keeps cookies, follows redirects, sends forms with what they hold."""

    def __init__(self, transport: httpx2.AsyncBaseTransport, language: str = "pl") -> None:
        self.http = httpx2.AsyncClient(
            transport=transport,
            base_url="https://node",  # Secure cookies are kept for https only
            headers={"Accept-Language": language},
            follow_redirects=True,
        )

    async def open(self, address: str) -> Page:
        return page_of(await self.http.get(address))

    async def send(self, form: Form, /, **typed: str | list[str]) -> Page:
        """Send the form with these fields typed over; a dotted name is written with `__`."""
        told = {**form.fields, **{name.replace("__", "."): _several(value) for name, value in typed.items()}}
        if form.method == "get":
            return page_of(await self.http.get(form.action, params=told))
        return page_of(await self.http.post(form.action, data=told))

    async def sign_in(self, login: str, password: str) -> Page:
        page = await self.open("/sign-in")
        return await self.send(page.form("/sign-in"), login=login, password=password)


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
