"""The receipt for a hand-over: proof that the referral is in the database of the node it was sent to."""

from uuid import UUID

from contracts.base import Instant, Message


class HandoverReceipt(Message):
    """What a sender can show of one sent referral.

    `number` counts the events from the sender's node to the receiver's. `received_at` and `token` come from the first
    receipt that covers the number; the token is signed by the receiver's node (compact JWS, Ed25519) and names that
    number or a later one, with the hash of everything up to it.
    """

    referral_id: UUID
    event_id: UUID
    number: int | None = None
    sent_at: Instant | None = None
    received_at: Instant | None = None
    token: str | None = None
