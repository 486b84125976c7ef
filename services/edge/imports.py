"""What the routes of imports call."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol
from uuid import UUID

from contracts.imports import FileColumns, Import, ImportAction, ImportedRowPage, ImportPage, NewImport, Outcome
from services.kit.caller import Caller
from services.kit.files import File


class Imports(Protocol):
    """The imports of the caller's institution. None means: there is no such import."""

    def admitted(self, caller: Caller) -> AbstractAsyncContextManager[None]:
        """While a file arrives. Raises Problem 429 when too many wait already."""

    async def start(self, caller: Caller, sent: File, new: NewImport) -> Import: ...

    async def columns(self, caller: Caller, sent: File, new: NewImport) -> FileColumns: ...

    async def act(self, caller: Caller, import_id: UUID, action: ImportAction) -> Import | None: ...

    async def show(self, caller: Caller, import_id: UUID) -> Import | None: ...

    async def page(self, caller: Caller, cursor: str | None) -> ImportPage: ...

    async def rows(
        self, caller: Caller, import_id: UUID, outcome: Outcome | None, after: int
    ) -> ImportedRowPage | None: ...

    async def bad_rows(self, caller: Caller, import_id: UUID) -> bytes | None: ...
