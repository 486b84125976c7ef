"""What waits and what works, in sentences: only what is known as a fact, and what it means for whoever works here.

The interface is asked at most once in some seconds, by whichever page comes first; nobody waits for it twice.
"""

import asyncio
from datetime import datetime, timedelta
from hashlib import sha256

from fastapi import Request

from contracts.codes import Language
from contracts.connections import Connections
from contracts.directory import Directory
from rules.calendar import local_day
from rules.limits import limit
from services.desk import dates
from services.desk.api import Refused, Unreachable
from services.desk.context import At, Desk
from services.desk.language import texts
from services.desk.visitors import cookie_name

SECONDS = 5.0
"""How long an answer is good for."""


class Health:
    """What was last known of the connections of this node; nothing before the first page of somebody signed in."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._known: Connections | None = None
        self._asked = -SECONDS
        self._asking = asyncio.Lock()

    async def look(self, desk: Desk, token: str) -> None:
        """Ask again when it is time. An interface that does not answer is told by the page itself, not here."""
        clock = asyncio.get_running_loop().time
        if clock() - self._asked < SECONDS or self._asking.locked():
            return
        async with self._asking:
            try:
                self._known = await desk.api.of(token, "pl", passive=True).get("/connections", Connections)
            except (Refused, Unreachable):
                return
            finally:
                self._asked = clock()  # also without an answer: the next page would wait as long for none

    @property
    def digest(self) -> str:
        """Tells one state from another, whatever the language."""
        return sha256("|".join(self.lines("pl")).encode()).hexdigest()[:12]

    def lines(self, language: Language) -> list[str]:
        """What there is to say; nothing when all is well."""
        return [] if self._known is None else sentences(self._known, self._directory, language)


async def looked(request: Request, desk: At) -> None:
    """Before every page of somebody who is signed in."""
    if token := request.cookies.get(cookie_name(desk.node)):
        await request.app.state.health.look(desk, token)


def sentences(known: Connections, directory: Directory, language: Language) -> list[str]:
    """What these facts mean. What is younger than the grace of `silence_seconds` is not told: it is on its way."""
    _ = texts(language).gettext
    grace = timedelta(seconds=limit("silence_seconds", local_day(known.as_of)))
    told: list[str] = []
    waiting = known.unsent_since if known.unsent_since and known.as_of - known.unsent_since > grace else None
    if not known.road and known.unsent_since is None:
        told.append(
            _(
                "Łączność z innymi instytucjami jest przerwana. To, co zostanie wysłane teraz, będzie zapisane"
                " i pójdzie samo."
            )
        )
    elif not known.road:
        said = _(
            "Łączność z innymi instytucjami jest przerwana. To, co wysłano od %(since)s, jest zapisane i pójdzie samo."
        )
        told.append(said % {"since": _at(known, known.unsent_since, language)})
    elif waiting is not None:
        said = _("Wysyłanie się opóźnia. To, co wysłano od %(since)s, jest zapisane i pójdzie samo.")
        told.append(said % {"since": _at(known, waiting, language)})
    for each in known.unanswered:
        if known.as_of - each.since > grace:
            said = _("Od %(since)s odbioru nie potwierdzają: %(who)s. To, co do nich wysłano, jest zapisane i dotrze.")
            who = dates.listing(_kinds(directory, each.node), language)
            told.append(said % {"since": _at(known, each.since, language), "who": who})
    if known.paths_as_of is not None and known.as_of - known.paths_as_of > grace:
        said = _("Etapy i terminy pokazują stan z %(since)s. Nowsze pojawią się same.")
        told.append(said % {"since": _at(known, known.paths_as_of, language)})
    return told


def _at(known: Connections, moment: datetime | None, language: Language) -> str:
    """The time alone when it is of today."""
    assert moment is not None
    if local_day(moment) == local_day(known.as_of):
        return dates.clock(moment, language)
    return dates.short_moment(moment, language)


def _kinds(directory: Directory, node: str) -> list[str]:
    """Which kinds of institutions live on the node, as everybody calls them."""
    return sorted({agency.kind.upper() for agency in directory.agencies if agency.node == node})
