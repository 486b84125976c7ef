"""The page of a draft put together: what the interface says of the form, of the receivers and of the person."""

from datetime import datetime
from typing import Any

from contracts.api import Referral
from contracts.clients import Client
from contracts.receivers import Receivers
from rules.calendar import calendar, local_day
from services.desk.context import Desk
from services.desk.new.declined import declined_by
from services.desk.new.editor import Editor, editor
from services.desk.new.picking import next_edition
from services.desk.new.table import FIELDS, LISTS, ROWS
from services.desk.new.values import Values, values_of
from services.desk.now import now_of
from services.desk.places.known import answered
from services.desk.uploads import Files, files_named
from services.desk.visitors import Visitor
from services.desk.wordings import AGENCIES


def exact(at: datetime) -> str:
    """`12:03:05`, in Polish time."""
    return at.astimezone(calendar().zone).strftime("%H:%M:%S")


async def edited(desk: Desk, who: Visitor, draft: Referral, values: Values | None = None) -> Editor:
    """The page for what was typed, or else for what is kept."""
    return editor(
        draft,
        values_of(draft.form or {}) if values is None else values,
        sender=who.agency,
        directory=desk.directory,
        language=who.language,
        today=local_day(await now_of(desk)),
        training=desk.training,
    )


async def context(desk: Desk, who: Visitor, page: Editor, *, files: Files | None = None) -> dict[str, Any]:
    """What the template of the whole form needs."""
    calls = who.calls(desk)
    receivers = await calls.post("/referrals/receivers", Receivers, page.draft.form)
    client = await calls.get(f"/clients/{page.client_id}", Client) if page.client_id else None
    carried = _carried(page, client)
    at = await now_of(desk)
    return {
        "page": page,
        "values": Values({**carried.fields, **page.values.fields}),
        "known": client,
        "carried_parts": {name.partition(".")[0] for name in carried.fields},
        "pick": page.pick(receivers.items, who.agency),
        "next_edition": next_edition,
        "answered": await answered(calls, local_day(at)),
        "today": local_day(at),
        "saved_at": exact(at),
        "FIELDS": FIELDS,
        "ROWS": ROWS,
        "LISTS": LISTS,
        "AGENCIES": AGENCIES,
        "declined": await declined_by(desk, who, page.values.one("path_id")),
        "placed": _placed(page, client),
        "files": Files(await files_named(calls, page.values.all("attachments"))) if files is None else files,
    }


def _placed(page: Editor, client: Client | None) -> bool:
    """Whether anything is told of where the person lives: only then is it known whom a centre serves."""
    typed = any(page.values.one(f"client.address.{name}") for name in ("town", "gmina"))
    return typed or (client is not None and client.known.person.address is not None)


def _carried(page: Editor, client: Client | None) -> Values:
    """What is known of the person in parts of which the form itself says nothing: what sending would tell anyway."""
    if client is None:
        return Values({})
    known = values_of(client.known.model_dump(mode="json", exclude={"person"}, exclude_none=True, exclude_unset=True))
    told = {name.partition(".")[0] for name in page.values.fields}
    return Values({name: value for name, value in known.fields.items() if name.partition(".")[0] not in told})
