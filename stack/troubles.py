"""What can lie about in a service's schema: each a query that finds nothing when all is well."""

from dataclasses import dataclass

from services.kit.alarms import CANNOT_REPLAY, CHAIN_DIFFERS, READER_AHEAD
from services.kit.causes import ALARMS, code_of
from services.kit.measures import GAPS


@dataclass(frozen=True)
class Trouble:
    """`code` of the sentence (`sentences.toml`); `query` with a row for each finding, whose columns are its values.

    Run in the schema of the service, and given what `limit` in `rules/limits.toml` allows, in seconds, as `$1`.
    """

    code: str
    query: str
    limit: str | None = None


def _age(moment: str) -> str:
    return f"round(extract(epoch from now() - {moment}))::bigint"


def _is_late(moment: str) -> str:
    return f"{moment} < now() - make_interval(secs => $1)"


OF_EVERY_SERVICE = (
    Trouble(
        "relay_stuck",
        f"select {_age('min(created_at)')} as seconds, count(*) as count from outbox where sent_at is null"
        f" having {_is_late('min(created_at)')}",
        limit="unsent_seconds",
    ),
    Trouble(
        "gap",
        f"select gap.source, gap.family, missing as count, {_age('min(received_at)')} as seconds"
        f" from ({GAPS}) as gap join link_cursor using (source, family)"
        " join inbox on inbox.source = gap.source and inbox.family = gap.family and inbox.linkseq > link_cursor.seq"
        f" where missing > 0 group by gap.source, gap.family, missing having {_is_late('min(received_at)')}",
        limit="missing_seconds",
    ),
    Trouble(
        "unreceipted",
        f"select outbox.target, {_age('min(sent_at)')} as seconds, count(*) as count"
        " from link_head left join link_receipt on link_receipt.target = link_head.target"
        " join outbox on outbox.target = link_head.target and outbox.linkseq > coalesce(link_receipt.seq, 0)"
        f" where sent_at is not null group by outbox.target having {_is_late('min(sent_at)')}",
        limit="unreceipted_seconds",
    ),
    Trouble(
        "parked",
        f"select count(*) as count, {_age('min(received_at)')} as seconds from inbox where state = 'parked'"
        f" having {_is_late('min(received_at)')}",
        limit="parked_seconds",
    ),
    Trouble("unknown", "select count(*) as count from inbox where state = 'unknown' having count(*) > 0"),
    Trouble("dead_letters", "select count(*) as count from dead_letter where state = 'dead' having count(*) > 0"),
    *(
        Trouble(
            kind,
            "select source, target, family, min(seq) as seq from link_alarm"
            f" where kind = '{kind}' and settled_at is null group by source, target, family",
        )
        for kind in (CHAIN_DIFFERS, READER_AHEAD, CANNOT_REPLAY, *map(code_of, ALARMS))
    ),
)

OF_PATHS = (
    Trouble(
        "facts_waiting",
        f"select count(*) as count, {_age('min(received_at)')} as seconds"
        f" from wake join fact using (event_id) where sent_at is null having {_is_late('min(received_at)')}",
        limit="unwoken_seconds",
    ),
    Trouble(
        "due_late",
        f"select {_age('min(at)')} as seconds from emission where emitted_at is null having {_is_late('min(at)')}",
        limit="unannounced_seconds",
    ),
)
