"""Clients at the public interface: HTTP request → one command in one transaction."""

from datetime import date
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.clients import Candidates, Client, ClientPage, ClientSearch, Known, Merge, MergeWish
from contracts.withdrawals import ClientWithdrawal, WithdrawalWish
from rules.calendar import local_day
from services.intake import client_access, client_queries, clients, correcting, merges, searching, withdrawing
from services.intake.context import Intake
from services.kit.caller import Caller
from services.kit.sides import check_version


class ClientDesk:
    """What the edge offers about the clients of an institution, to everybody who works there."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._database = intake.service.database

    async def page(self, caller: Caller, cursor: str | None) -> ClientPage:
        async with self._database.transaction(caller.agency, snapshot=True) as session:
            rows, following = await client_queries.page(session, cursor)
        await client_access.seen(self._intake, caller, "list", [row.id for row in rows])
        return ClientPage(items=tuple(client_queries.item(self._intake, row) for row in rows), next=following)

    async def show(self, caller: Caller, client_id: UUID) -> Client | None:
        async with self._database.transaction(caller.agency, snapshot=True) as session:
            client = await clients.find(session, client_id)
            if client is None:
                return None
            answer = await client_queries.view(self._intake, session, client)
        await client_access.seen(self._intake, caller, "card", [client.id])
        return answer

    async def search(self, caller: Caller, wanted: ClientSearch) -> Candidates:
        """Raises Problem 422 when there is too little to look for, 429."""
        found = await (self._like(caller, wanted) if wanted.name is None else self._named(caller, wanted.name))
        await client_access.seen(self._intake, caller, "found", [each.client_id for each in found.items])
        return found

    async def _like(self, caller: Caller, wanted: ClientSearch) -> Candidates:
        async with self._database.transaction(caller.agency) as session:
            person = searching.wanted_person(wanted, await self._today(session), training=self._intake.training)
            await client_access.searched(self._intake, session, caller)
        async with self._database.transaction(caller.agency, snapshot=True) as session:
            return await searching.search(self._intake, session, caller, person)

    async def _named(self, caller: Caller, typed: str) -> Candidates:
        async with self._database.transaction(caller.agency) as session:
            await client_access.searched(self._intake, session, caller)
        async with self._database.transaction(caller.agency, snapshot=True) as session:
            return await searching.by_name(self._intake, session, caller, typed)

    async def correct(self, caller: Caller, client_id: UUID, known: Known, expected: int | None) -> Client | None:
        """Raises Problem 409, 412, 422."""
        async with self._database.transaction(caller.agency) as session:
            client = await clients.find(session, client_id)
            if client is None:
                return None
            client = await clients.locked(session, client.id)
            check_version(expected, client.version)
            await correcting.correct(self._intake, session, caller, client, known)
            return await client_queries.view(self._intake, session, await clients.locked(session, client.id))

    async def merge(self, caller: Caller, client_id: UUID, wish: MergeWish) -> Merge | None:
        async with self._database.transaction(caller.agency) as session:
            merged = await merges.merge(self._intake, session, caller, client_id, wish)
            return None if merged is None else client_queries.merge_view(self._intake, merged)

    async def undo(self, caller: Caller, merge_id: UUID) -> Merge | None:
        async with self._database.transaction(caller.agency) as session:
            undone = await merges.undo(self._intake, session, caller, merge_id)
            return None if undone is None else client_queries.merge_view(self._intake, undone)

    async def withdrawal(self, caller: Caller, client_id: UUID, reason: str) -> ClientWithdrawal | None:
        """Raises Problem 422."""
        cause = withdrawing.cause_of(reason)
        async with self._database.transaction(caller.agency, snapshot=True) as session:
            client = await clients.find(session, client_id)
            return None if client is None else await withdrawing.preview(self._intake, session, caller, client, cause)

    async def withdraw(self, caller: Caller, client_id: UUID, wish: WithdrawalWish) -> ClientWithdrawal | None:
        """Raises Problem 422."""
        cause = withdrawing.cause_of(wish.reason)
        async with self._database.transaction(caller.agency) as session:
            client = await clients.find(session, client_id)
            if client is None:
                return None
            return await withdrawing.withdraw(self._intake, session, caller, client, cause, wish.stamp)

    async def _today(self, session: AsyncSession) -> date:
        return local_day(await self._intake.service.clock.now(session))
