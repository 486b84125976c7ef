"""The receipt for a hand-over: the sender can show that the referral is in the database of the receiver's node."""

from uuid import uuid4

from contracts.control import Receipt
from contracts.receipts import HandoverReceipt
from tests.nodes import Network, Office, eventually


async def status_of(office: Office, referral_id: object) -> int:
    return (await office.http.get(f"/referrals/{referral_id}/receipt")).status_code


async def test_a_sent_referral_comes_to_have_a_receipt_signed_by_the_receivers_node(network: Network) -> None:
    office = network.office("ops-poraj")
    referral = await office.send("cis-poraj")

    async def receipted() -> HandoverReceipt | None:
        answer = await office.http.get(f"/referrals/{referral['id']}/receipt")
        receipt = HandoverReceipt.model_validate_json(answer.content)
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
    office = network.office("ops-poraj")
    draft, sent = await office.send("cis-poraj", draft=True), await office.send("cis-poraj")
    assert await status_of(office, draft["id"]) == 404
    assert await status_of(network.office("ops-myszkow"), sent["id"]) == 404
    assert await status_of(network.office("cis-poraj"), sent["id"]) == 404
    assert await status_of(office, uuid4()) == 404
