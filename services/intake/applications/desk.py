"""Applications at the public interface: HTTP request → one command in one transaction."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.applications import Application, ApplicationAction, ApplicationPage, NewApplication
from contracts.codes import ApplicationStatus
from contracts.unfinished import Unfinished
from services.intake.answers import once
from services.intake.applications import commands, queries, registering, unfinished
from services.intake.context import Intake
from services.kit.caller import Caller
from services.kit.sides import check_version


class ApplicationDesk:
    """What the edge offers to an OPS about applications."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    async def register(self, caller: Caller, new: NewApplication, key: str | None) -> Application:
        """Register, once per Idempotency-Key. Raises Problem."""

        async def make(session: AsyncSession) -> Application:
            row = await registering.register(self._intake, session, caller, new)
            return await queries.view(self._intake, session, caller, row)

        return await once(self._intake, caller.agency, key, new, Application, make)

    async def page(
        self, caller: Caller, status: ApplicationStatus | None, cursor: str | None, source: UUID | None
    ) -> ApplicationPage:
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            rows, following = await queries.page(session, status, cursor, source)
            items = tuple([await queries.view(self._intake, session, caller, row) for row in rows])
        return ApplicationPage(items=items, next=following)

    async def show(self, caller: Caller, application_id: UUID) -> Application | None:
        async with self._intake.service.database.transaction(caller.agency, snapshot=True) as session:
            row = await queries.find(session, application_id)
            return None if row is None else await queries.view(self._intake, session, caller, row)

    async def act(
        self, caller: Caller, application_id: UUID, action: str, body: ApplicationAction, expected: int | None
    ) -> Application | None:
        async with self._intake.service.database.transaction(caller.agency) as session:
            row = await commands.locked(session, application_id)
            if row is None:
                return None
            check_version(expected, row.version)
            await commands.act(self._intake, session, caller, row, action, body)
            return await queries.view(self._intake, session, caller, row)

    async def unfinished(self, caller: Caller, application_id: UUID, action: str) -> Unfinished | None:
        async with self._intake.service.database.transaction(caller.agency) as session:
            row = await queries.find(session, application_id)
            return None if row is None else await unfinished.kept(self._intake, session, caller, row, action)

    async def keep_unfinished(
        self, caller: Caller, application_id: UUID, action: str, typed: Unfinished
    ) -> Unfinished | None:
        async with self._intake.service.database.transaction(caller.agency) as session:
            row = await commands.locked(session, application_id)
            if row is None:
                return None
            return await unfinished.keep(self._intake, session, caller, row, action, typed)
