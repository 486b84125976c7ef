"""What can lie about in a service's schema: each a query that finds nothing when all is well.

Its columns are the values of its sentence (`sentences.toml`). The limits: what a healthy system never comes near, and
what a person should know of before a client is kept waiting.
"""

from dataclasses import dataclass

from services.kit.alarms import CANNOT_REPLAY, CHAIN_DIFFERS, READER_AHEAD
from services.kit.measures import GAPS


@dataclass(frozen=True)
class Trouble:
    """`code` of the sentence; `query` with a row for each finding, run in the schema of the service."""

    code: str
    query: str


def _age(moment: str) -> str:
    return f"round(extract(epoch from now() - {moment}))::bigint"


OF_EVERY_SERVICE = (
    Trouble(
        "relay_stuck",
        f"select {_age('min(created_at)')} as seconds, count(*) as count from outbox where sent_at is null"
        " having min(created_at) < now() - interval '60 seconds'",
    ),
    Trouble(
        "gap",
        f"select gap.source, gap.family, missing as count, {_age('min(received_at)')} as seconds"
        f" from ({GAPS}) as gap join link_cursor using (source, family)"
        " join inbox on inbox.source = gap.source and inbox.family = gap.family and inbox.linkseq > link_cursor.seq"
        " where missing > 0 group by gap.source, gap.family, missing"
        " having min(received_at) < now() - interval '60 seconds'",
    ),
    Trouble(
        "unreceipted",
        f"select outbox.target, {_age('min(sent_at)')} as seconds, count(*) as count"
        " from link_head left join link_receipt on link_receipt.target = link_head.target"
        " join outbox on outbox.target = link_head.target and outbox.linkseq > coalesce(link_receipt.seq, 0)"
        " where sent_at is not null group by outbox.target"
        " having min(sent_at) < now() - interval '300 seconds'",
    ),
    Trouble(
        "parked",
        f"select count(*) as count, {_age('min(received_at)')} as seconds from inbox where state = 'parked'"
        " having min(received_at) < now() - interval '600 seconds'",
    ),
    Trouble("unknown", "select count(*) as count from inbox where state = 'unknown' having count(*) > 0"),
    Trouble("dead_letters", "select count(*) as count from dead_letter where state = 'dead' having count(*) > 0"),
    *(
        Trouble(
            kind,
            "select source, target, family, min(seq) as seq from link_alarm"
            f" where kind = '{kind}' group by source, target, family",
        )
        for kind in (CHAIN_DIFFERS, READER_AHEAD, CANNOT_REPLAY)
    ),
)

OF_PATHS = (
    Trouble(
        "facts_waiting",
        f"select count(*) as count, {_age('min(received_at)')} as seconds"
        " from wake join fact using (event_id) where sent_at is null"
        " having min(received_at) < now() - interval '60 seconds'",
    ),
    Trouble(
        "due_late",
        f"select {_age('min(at)')} as seconds from emission where emitted_at is null"
        " having min(at) < now() - interval '300 seconds'",
    ),
)
