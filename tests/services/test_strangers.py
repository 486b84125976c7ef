"""What another node cannot do with its right to write to this one: lie about paths, or send what nobody can open."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from contracts.codes import Status
from contracts.dossier import Dossier
from contracts.envelope import Envelope
from contracts.events import Event, InformationRequested, PathAdvanced, ReferralRequested, ReferralSubmitted
from contracts.ids import case_number
from contracts.paths import PathView
from contracts.subjects import subject
from services.intake.handlers import handlers as intake_handlers
from services.kit.delivery import Delivery, Forged
from services.kit.inbox import Arrival, Handlers, Inbox
from services.kit.keyring import CannotOpen, load_keyring
from services.kit.sealing import unseal
from services.paths.handlers import handlers as paths_handlers
from services.referral.context import Receiving
from services.referral.handlers import handlers as referral_handlers
from tests.nodes import Network
from tests.services.steps import SOON, delivered, done, refused

AT = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
UNREADABLE = "e30.a.b.c.d"


async def _arrive(network: Network, node: str, event: Event, writer: str) -> None:
    """Take the event in at this node, as if the node of the institution `writer` had published it."""
    base = network.bases[node]
    service = {"path": "paths", "intake": "referral", "referral": "intake"}[event.family]
    keyring = load_keyring(network.data, node)
    handlers: dict[str, Handlers] = {
        "paths": paths_handlers(),
        "referral": referral_handlers(Receiving(base.service("referral"), keyring)),
        "intake": intake_handlers(keyring),
    }
    identity = uuid4()
    envelope = Envelope(
        id=identity,
        type=event.type(),
        source=writer,
        subject=event.path_id,
        time=event.at,
        version=event.version,
        correlation_id=identity,
    )
    road = subject(event, source=base.directory[writer].node, target=node)
    inbox = Inbox(node=node, database=base.database(service), directory=base.directory, handlers=handlers[service])
    await inbox.take(Arrival(Delivery.of(road, envelope.headers(), event.model_dump_json().encode()), event))


def _about(referral: dict[str, Any], version: int, **more: Any) -> dict[str, Any]:
    told = {name: referral[name] for name in ("path_id", "sender", "receiver")}
    return told | {"referral_id": referral["id"], "version": version, "at": AT} | more


async def test_only_the_path_node_is_believed_about_paths(network: Network) -> None:
    cis, path_id = network.office("cis-poraj"), uuid4()
    view = PathView(path_id=path_id, version=9, stage="closed", custodian=None, ball=None, deadlines=(), timeline=())
    picture = PathAdvanced(path_id=path_id, version=9, at=AT, agency="cis-poraj", view=view)
    with pytest.raises(Forged):
        await _arrive(network, "cis", picture, "ops-poraj")
    assert refused(await cis.http.get(f"/paths/{path_id}")) == (404, "not_found")


async def test_a_dossier_that_this_node_cannot_open_does_not_get_into_the_inbox(network: Network) -> None:
    identity = uuid4()
    submitted = ReferralSubmitted(
        path_id=uuid4(),
        version=1,
        at=AT,
        referral_id=identity,
        sender="ops-poraj",
        receiver="cis-poraj",
        sealed=UNREADABLE,
        number=case_number(identity, 2026),
        kind="statutory_cis",
        urgency="normal",
        custodian="ops-poraj",
    )
    with pytest.raises(CannotOpen):
        await _arrive(network, "cis", submitted, "ops-poraj")
    assert (await network.office("cis-poraj").http.get("/referrals")).status_code == 200


async def test_a_question_that_the_senders_node_cannot_open_changes_nothing(network: Network) -> None:
    poraj = network.office("ops-poraj")
    referral = await poraj.has(await delivered(poraj, "cis-poraj"), status="delivered")
    status: Status = "info_requested"
    question = InformationRequested(
        **_about(referral, 3, sealed=UNREADABLE, status=status, custodian="ops-poraj", by="receiver"),
        due_on=date(2199, 1, 1),
    )
    with pytest.raises(CannotOpen):
        await _arrive(network, "ops", question, "cis-poraj")
    assert (await poraj.has(referral["id"]))["status"] == "delivered"


async def test_an_answer_that_the_receivers_node_cannot_open_changes_nothing(network: Network) -> None:
    poraj, cis = network.office("ops-poraj"), network.office("cis-poraj")
    identity = await delivered(poraj, "cis-poraj")
    done(await cis.act(identity, "claim"))
    referral = done(await cis.act(identity, "ask", question="Kiedy?", due_on=SOON))
    answer = ReferralRequested(
        **_about(referral, 4, sealed=UNREADABLE), request_id=uuid4(), action="answer", roles=("OPS_HEAD",)
    )
    with pytest.raises(CannotOpen):
        await _arrive(network, "cis", answer, "ops-poraj")
    assert (await cis.has(identity))["status"] == "info_requested"


def test_an_error_about_a_sealed_message_names_fields_and_quotes_nothing(network: Network) -> None:
    """Such an error ends a request or a delivery, and its text is written to the log of the process."""
    keyring, context = load_keyring(network.data, "cis"), UUID(int=7)
    sealed = keyring.seal('{"given_name": ["Żaneta Próbna"]}'.encode(), to="cis", context=context)
    with pytest.raises(ValidationError) as refusal:
        unseal(keyring, Dossier, sealed, context=context)
    assert "Próbna" not in str(refusal.value)
    assert "given_name" in str(refusal.value)
