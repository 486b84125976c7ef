"""The receipt for a hand-over, as the sender can show it."""

from uuid import UUID

from sqlalchemy import text

from contracts.events import ReferralSubmitted
from contracts.receipts import HandoverReceipt
from contracts.subjects import PATH_NODE
from services.intake import queries
from services.intake.context import Intake

# One transaction wrote the referral's submission and its event, and both bear its time.
_OF_SUBMISSION = text("""
    select outbox.id as event_id, outbox.linkseq as number, outbox.sent_at, receipt.at as received_at, receipt.token
    from outbox left join lateral (
        select at, token from past_receipt
        where past_receipt.target = outbox.target and past_receipt.seq >= outbox.linkseq
        order by past_receipt.seq limit 1
    ) as receipt on true
    where outbox.created_at = :submitted and headers ->> 'ce-subject' = :path
    and outbox.target <> :path_node and headers ->> 'ce-type' = :submission
""")


async def receipt_of(intake: Intake, agency: str, referral_id: UUID) -> HandoverReceipt | None:
    """The receipt for a referral of this institution; None when it has none of this id, or has not sent it yet."""
    async with intake.service.database.transaction(agency, snapshot=True) as session:
        referral = await queries.find(session, referral_id)
        if referral is None or referral.submitted_at is None:
            return None
        values = {
            "submitted": referral.submitted_at,
            "submission": ReferralSubmitted.type(),
            "path": str(referral.path_id),
            "path_node": PATH_NODE,
        }
        row = (await session.execute(_OF_SUBMISSION, values)).one_or_none()
    return None if row is None else HandoverReceipt(referral_id=referral_id, **row._mapping)
