"""What the routes of applications, notices and clients call. None: the caller's institution has no such one."""

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from contracts.applications import Application, ApplicationAction, ApplicationPage, NewApplication
from contracts.clients import Candidates, Client, ClientPage, ClientSearch, Known, Merge, MergeWish
from contracts.codes import ApplicationStatus
from contracts.notices import Notice, NoticePage
from contracts.places import NewPlaceQuestion, PlaceAnswer, PlaceQuestion, PlaceQuestionPage
from contracts.receivers import Receivers
from contracts.unfinished import Unfinished
from contracts.withdrawals import ClientWithdrawal, WithdrawalWish
from services.kit.caller import Caller
from services.kit.paper.sheet import Sheet


class ApplicationDesk(Protocol):
    """The applications of an OPS."""

    async def register(self, caller: Caller, new: NewApplication, key: str | None) -> Application: ...

    async def page(
        self, caller: Caller, status: ApplicationStatus | None, cursor: str | None, source: UUID | None
    ) -> ApplicationPage: ...

    async def show(self, caller: Caller, application_id: UUID) -> Application | None: ...

    async def act(
        self, caller: Caller, application_id: UUID, action: str, body: ApplicationAction, expected: int | None
    ) -> Application | None: ...

    async def unfinished(self, caller: Caller, application_id: UUID, action: str) -> Unfinished | None: ...

    async def keep_unfinished(
        self, caller: Caller, application_id: UUID, action: str, typed: Unfinished
    ) -> Unfinished | None: ...


class ReceiverDesk(Protocol):
    """Whom a form may be sent to."""

    async def choices(self, caller: Caller, typed: Mapping[str, Any]) -> Receivers: ...


class NoticeBox(Protocol):
    """The notices an institution has given, or received."""

    async def page(self, caller: Caller, cursor: str | None) -> NoticePage: ...

    async def printed(self, caller: Caller, notice_id: UUID) -> Sheet | None: ...


class ReceivedBox(NoticeBox, Protocol):
    """Received notices can be marked as read."""

    async def read(self, caller: Caller, notice_id: UUID) -> Notice | None: ...


class AskedPlaces(Protocol):
    """The questions about places that an institution has asked."""

    async def ask(self, caller: Caller, new: NewPlaceQuestion, key: str | None) -> PlaceQuestionPage: ...

    async def page(self, caller: Caller, cursor: str | None) -> PlaceQuestionPage: ...

    async def show(self, caller: Caller, question_id: UUID) -> PlaceQuestion | None: ...


class PlacesToTell(Protocol):
    """The questions about places that an institution is to answer."""

    async def page(self, caller: Caller, cursor: str | None) -> PlaceQuestionPage: ...

    async def show(self, caller: Caller, question_id: UUID) -> PlaceQuestion | None: ...

    async def answer(self, caller: Caller, question_id: UUID, answer: PlaceAnswer) -> PlaceQuestion | None: ...


class ClientDesk(Protocol):
    """The clients of an institution."""

    async def page(self, caller: Caller, cursor: str | None) -> ClientPage: ...

    async def show(self, caller: Caller, client_id: UUID) -> Client | None: ...

    async def search(self, caller: Caller, wanted: ClientSearch) -> Candidates: ...

    async def correct(self, caller: Caller, client_id: UUID, known: Known, expected: int | None) -> Client | None: ...

    async def merge(self, caller: Caller, client_id: UUID, wish: MergeWish) -> Merge | None: ...

    async def undo(self, caller: Caller, merge_id: UUID) -> Merge | None: ...

    async def withdrawal(self, caller: Caller, client_id: UUID, reason: str) -> ClientWithdrawal | None: ...

    async def withdraw(self, caller: Caller, client_id: UUID, wish: WithdrawalWish) -> ClientWithdrawal | None: ...
