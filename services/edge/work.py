"""Items of work from all services of the node, put together: what there is, what falls due, whom it is about."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from contracts.work import AT_ONCE, Beside, People, PersonOfItem, WorkDeadline, WorkItem, WorkKind, WorkPage
from services.kit.caller import Caller
from services.kit.problems import FieldError, invalid


class Source(Protocol):
    """The side of a service that has items of some kinds."""

    kinds: tuple[WorkKind, ...]

    async def of_paths(self, caller: Caller, paths: Sequence[UUID]) -> list[WorkItem]: ...

    async def after(self, caller: Caller, what: WorkKind, last: UUID | None, most: int) -> list[WorkItem]: ...

    async def people(self, caller: Caller, ids: Sequence[UUID]) -> list[PersonOfItem]: ...


class SenderSource(Source, Protocol):
    """The sender's side also knows what is on the way to becoming work."""

    async def beside(self, caller: Caller) -> Beside: ...


class Picture(Protocol):
    """A path's version and what falls due first, by referral or application."""

    @property
    def version(self) -> int: ...

    @property
    def deadlines(self) -> Mapping[UUID, WorkDeadline]: ...


class Pictures(Protocol):
    """The node's copy of paths."""

    async def pictures(self, caller: Caller, paths: Sequence[UUID]) -> Mapping[UUID, Picture]: ...


class WorkDesk:
    """What the routes of work items call."""

    def __init__(self, sender: SenderSource, receiver: Source, paths: Pictures) -> None:
        self._sender = sender
        self._distinct = (sender, receiver)
        self._sources = {kind: source for source in self._distinct for kind in source.kinds}
        self._paths = paths

    async def of_paths(self, caller: Caller, paths: Sequence[UUID]) -> WorkPage:
        """Everything of these paths that concerns the caller's institution."""
        items = [item for source in self._distinct for item in await source.of_paths(caller, paths)]
        return WorkPage(items=await self._with_deadlines(caller, items))

    async def page(self, caller: Caller, cursor: str | None) -> WorkPage:
        """A part of all there is, kind by kind, in the order of ids. Raises Problem for a cursor that is none."""
        what, last = self._place(cursor)
        kinds = list(self._sources)
        items: list[WorkItem] = []
        following: str | None = None
        for kind in kinds[kinds.index(what) :]:
            items += await self._sources[kind].after(caller, kind, last, AT_ONCE - len(items))
            if len(items) == AT_ONCE:
                following = f"{kind}.{items[-1].id}"
                break
            last = None
        return WorkPage(items=await self._with_deadlines(caller, items), next=following)

    async def people(self, caller: Caller, ids: Sequence[UUID]) -> People:
        """What to call the people of these items. What is not the caller's is left out."""
        return People(people=tuple([who for source in self._distinct for who in await source.people(caller, ids)]))

    async def beside(self, caller: Caller) -> Beside:
        """What is on the way to becoming work."""
        return await self._sender.beside(caller)

    def _place(self, cursor: str | None) -> tuple[WorkKind, UUID | None]:
        if cursor is None:
            return next(iter(self._sources)), None
        name, _, last = cursor.partition(".")
        found = next((kind for kind in self._sources if kind == name), None)
        try:
            after = UUID(last) if last else None
        except ValueError:
            found = None
        if found is None:
            raise invalid(FieldError("cursor", "cursor_invalid"))
        return found, after

    async def _with_deadlines(self, caller: Caller, items: Sequence[WorkItem]) -> tuple[WorkItem, ...]:
        paths = sorted({item.path_id for item in items if item.path_id is not None})
        pictures = await self._paths.pictures(caller, paths) if paths else {}
        return tuple(_timed(item, pictures.get(item.path_id) if item.path_id else None) for item in items)


def _timed(item: WorkItem, picture: Picture | None) -> WorkItem:
    if picture is None:
        return item
    told = {"path_version": picture.version, "deadline": picture.deadlines.get(item.id)}
    return item.model_copy(update=told)
