"""The system's own Chromium, and a watch over everything that its pages say or ask for."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Request, WebError, async_playwright

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
"""The one without windows first: the same pages for little more than half the processor time."""
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


def chromium() -> str | None:
    """Where the system's Chromium is."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def must_be_there() -> bool:
    """In CI a browser that is missing is a failure: a skipped test would prove nothing."""
    return os.environ.get("CI") == "true"


@asynccontextmanager
async def running_browser(program: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        await browser.close()


@dataclass
class Watch:
    """What pages of a context did that none of ours may. `forgiven`: parts of messages that a test brings about."""

    ours: tuple[str, ...]
    faults: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", self._broke)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(self.ours):
            self._fault(f"asked another host: {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        """Chromium reports a page that was answered with 4xx as an error; such a page is an honest answer."""
        page = message.page
        answered = page is not None and message.location["url"] == page.url and "status of 4" in message.text
        if message.type in ("error", "warning") and not answered:
            self._fault(f"{message.type} on the console of {message.location['url']}: {message.text}")

    def _broke(self, error: WebError) -> None:
        self._fault(f"error on a page: {error.error}")

    def _fault(self, text: str) -> None:
        if not any(part in text for part in self.forgiven):
            self.faults.append(text)
