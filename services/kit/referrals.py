"""What the rows of both sides tell of a referral in the same way: its times, requests, question, its item of work."""

from typing import Any

from sqlmodel import select

from contracts.api import Question, RequestState, Times
from contracts.base import Slug
from contracts.work import WorkItem
from rules.lifecycle import ball
from services.kit.keyring import Keyring
from services.kit.sealing import unseal_text


def columns(model: Any, names: tuple[str, ...]) -> Any:
    """These columns of a table as they are: of what is read in bulk, no objects are made."""
    return select(*(getattr(model, name) for name in names))


def item_of(row: Any, *, sender: Slug, receiver: Slug, **own: Any) -> WorkItem:
    """A referral for lists of work, with what only this side knows of it."""
    return WorkItem(
        id=row.id,
        path_id=row.path_id,
        number=row.number,
        kind=row.kind,
        urgency=row.urgency,
        status=row.status,
        version=row.version,
        sender=sender,
        receiver=receiver,
        unit=row.unit,
        ball={"sender": sender, "receiver": receiver}.get(ball(row.status)),
        reason=row.reason,
        edition=row.edition,
        times=times_of(row),
        **own,
    )


def times_of(row: Any) -> Times:
    """When it was sent, stored at the receiver, opened there, decided."""
    return Times(submitted=row.submitted_at, delivered=row.delivered_at, seen=row.seen_at, decided=row.decided_at)


def request_of(row: Any) -> RequestState:
    """What the sender asked for, and what became of that."""
    return RequestState.model_validate(row.model_dump(include=set(RequestState.model_fields)))


def question_of(keyring: Keyring, row: Any) -> Question | None:
    """The question that the receiver put last. Raises CannotOpen."""
    text = unseal_text(keyring, row.sealed_question, context=row.id)
    if text is None or row.question_due_on is None:
        return None
    return Question(text=text, due_on=row.question_due_on)
