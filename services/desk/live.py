"""Which pages are open, and telling them that something of their institution has changed."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from services.desk.api import Calls, Refused, Unreachable

PART = "live"
"""By this name it is one of the parts of a desk."""

MOST_OF_ONE = 4
"""Open pages of one login that are told. A browser opens six connections to one host: two are left for the pages."""

MOST = 2_000
"""Open pages of one process."""

HEARTBEAT_SECONDS = 15.0
"""Between two signs of life, which also find out whether the session still goes on."""

BREATH_SECONDS = 0.4
"""After each word: changes that follow each other closely are one change to whoever reads."""

_OPEN = b"retry: 3000\n: \n\n"
_CHANGED = b"event: work\ndata: changed\n\n"
_HEARTBEAT = b": \n\n"

FULL = b"event: full\ndata: full\n\n"
"""Upon this a page closes its stream (`sse-close="full"`) and asks for no other: it neither takes one of the browser's
few connections nor says that changes were lost."""


class TooMany(Exception):
    """No more pages are told; they show what they know until they are loaded again."""


@dataclass(frozen=True)
class Hub:
    """The open pages of a process, by institution."""

    _pages: dict[str, set[asyncio.Event]] = field(default_factory=lambda: defaultdict(set))
    _of_login: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def heard(self, agency: str) -> None:
        """Something of this institution has changed; of none named: of any."""
        for slug in [agency] if agency else list(self._pages):
            for page in self._pages.get(slug, ()):
                page.set()

    @contextmanager
    def page(self, agency: str, login: str) -> Iterator[asyncio.Event]:
        """An open page; its event is set when there is something new. Raises TooMany."""
        if self._of_login[login] >= MOST_OF_ONE or sum(self._of_login.values()) >= MOST:
            raise TooMany
        page = asyncio.Event()
        self._of_login[login] += 1
        self._pages[agency].add(page)
        try:
            yield page
        finally:
            self._pages[agency].discard(page)
            self._of_login[login] -= 1
            if not self._of_login[login]:
                del self._of_login[login]


async def changes(hub: Hub, agency: str, login: str, calls: Calls) -> AsyncIterator[bytes]:
    """What is written to an open page. Raises TooMany before the first word."""
    clock = asyncio.get_running_loop().time
    with hub.page(agency, login) as page:
        yield _OPEN
        page.set()  # what changed between the drawing of the page and now, or while its line was down, nobody told it
        look_at = clock() + HEARTBEAT_SECONDS
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(look_at):
                    await page.wait()
            if clock() >= look_at:
                if await _is_over(calls):
                    return
                look_at = clock() + HEARTBEAT_SECONDS
                yield _HEARTBEAT
            if page.is_set():
                page.clear()
                yield _CHANGED
                await asyncio.sleep(BREATH_SECONDS)


async def _is_over(calls: Calls) -> bool:
    """Whether the session has ended; an interface that does not answer leaves that open."""
    try:
        await calls.raw("GET", "/session")
    except Refused as refused:
        return refused.status == 401
    except Unreachable:
        return False
    return False
