"""The receipt for a hand-over: the sender can show that the referral is in the database of the receiver's node."""

from uuid import UUID, uuid4

from contracts.control import Receipt
from contracts.receipts import HandoverReceipt
from services.intake.context import Intake
from services.intake.receipts import receipt_of
from services.kit.keyring import load_keyring
from tests.nodes import Network, eventually


def intake_of(network: Network) -> Intake:
    base = network.bases["ops"]
    return Intake(base.service("intake"), load_keyring(network.data, "ops"), True, lambda *_: never())


async def never() -> bool:
    return False


async def test_a_sent_referral_comes_to_have_a_receipt_signed_by_the_receivers_node(network: Network) -> None:
    referral = await network.office("ops-poraj").send("cis-poraj")

    async def receipted() -> HandoverReceipt | None:
        receipt = await receipt_of(intake_of(network), "ops-poraj", UUID(referral["id"]))
        assert receipt is not None
        return receipt if receipt.token else None

    receipt: HandoverReceipt = await eventually(receipted)
    assert receipt.token is not None
    signed = network.bases["ops"].talk.signer.read(Receipt, receipt.token)
    assert (signed.reader, signed.writer, signed.family) == ("cis", "ops", "intake")
    assert receipt.number is not None
    assert receipt.sent_at is not None
    assert signed.seq >= receipt.number
    assert signed.at == receipt.received_at
    assert receipt.received_at >= receipt.sent_at


async def test_there_is_no_receipt_for_a_draft_for_a_strangers_referral_nor_for_none(network: Network) -> None:
    draft = await network.office("ops-poraj").send("cis-poraj", draft=True)
    sent = await network.office("ops-poraj").send("cis-poraj")
    assert await receipt_of(intake_of(network), "ops-poraj", UUID(draft["id"])) is None
    assert await receipt_of(intake_of(network), "kis-myszkow", UUID(sent["id"])) is None
    assert await receipt_of(intake_of(network), "ops-poraj", uuid4()) is None
