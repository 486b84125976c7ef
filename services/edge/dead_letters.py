"""The worklist of an institution at the public interface: what its head sees and decides, from all services of the
node."""

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from contracts.worklist import DeadLetterDetail, DeadLetterItem, DeadLetterPage, Wish
from rules.roles import administers, is_head
from services.kit.caller import Caller
from services.kit.database import Database
from services.kit.decisions import NotWaiting, decide
from services.kit.letters import DEAD, EVERY, Place, detail, item, letter, letters
from services.kit.pages import PAGE_SIZE, cursor_of, read_cursor
from services.kit.problems import FieldError, Problem, invalid, not_found

Show = Literal["dead", "all"]


class DeadLetterDesk:
    """What the edge offers about dead letters. To whoever neither leads nor administers their institution
    there are none."""

    def __init__(self, node: str, databases: Mapping[str, Database]) -> None:
        self._node = node
        self._databases = databases

    async def page(self, caller: Caller, show: Show, cursor: str | None) -> DeadLetterPage:
        """Oldest first. Raises Problem."""
        _check(caller)
        after = None if cursor is None else read_cursor(cursor)
        items: list[DeadLetterItem] = []
        for service, database in self._databases.items():
            async with database.transaction() as session:
                found = await letters(
                    session,
                    states=DEAD if show == "dead" else EVERY,
                    agency=caller.agency,
                    after=after,
                    limit=PAGE_SIZE + 1,
                )
            items += [item(each, Place(self._node, service), caller.language) for each in found]
        items.sort(key=lambda each: (each.first_at, each.id))
        shown, more = items[:PAGE_SIZE], len(items) > PAGE_SIZE
        return DeadLetterPage(items=tuple(shown), next=cursor_of(shown[-1].first_at, shown[-1].id) if more else None)

    async def show(self, caller: Caller, letter_id: UUID) -> DeadLetterDetail:
        """Raises Problem."""
        _check(caller)
        for service, database in self._databases.items():
            async with database.transaction() as session:
                found = await letter(session, letter_id, agency=caller.agency)
            if found is not None:
                return detail(found, Place(self._node, service), caller.language)
        raise not_found()

    async def act(self, caller: Caller, letter_id: UUID, what: Wish, reason: str | None) -> DeadLetterDetail:
        """The letter with what came of it; its `wish` still stands when that takes longer. Raises Problem."""
        _check(caller)
        if what == "drop" and reason is None:
            raise invalid(FieldError("reason", "missing"))
        for service, database in self._databases.items():
            try:
                found = await decide(database, letter_id, what, by=caller.actor, reason=reason, agency=caller.agency)
            except NotWaiting:
                raise Problem("letter_not_waiting") from None
            if found is not None:
                return detail(found, Place(self._node, service), caller.language)
        raise not_found()


def _check(caller: Caller) -> None:
    if not (is_head(caller.roles) or administers(caller.roles)):
        raise not_found()
