"""What an operator watches in a service's schema, as statements: each cheap, each over rows that an index holds.

A measure is one column of figures under up to two labels. All of a schema are read in one round trip.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """One metric. `query` selects the values of `labels`, if any, and then the figure."""

    name: str
    help: str
    query: str
    labels: tuple[str, ...] = ()


def together(measures: Sequence[Measure]) -> str:
    """One statement for all: (number of the measure, first label, second label, figure)."""
    return " union all ".join(
        f"select {place} as measure, {_columns(measure)} from ({measure.query}) as found"
        f" ({', '.join((*measure.labels, 'figure'))})"
        for place, measure in enumerate(measures)
    )


def _columns(measure: Measure) -> str:
    names = [f"{label}::text" for label in measure.labels]
    padded = [*names, *["null::text"] * (2 - len(names))]
    return ", ".join((*padded, "figure::double precision"))


GAPS = """
    select source, family, greatest(0, last.linkseq - link_cursor.seq - (
        select count(*) from inbox
        where inbox.source = link_cursor.source and inbox.family = link_cursor.family and linkseq > link_cursor.seq
    ) - (
        select count(distinct number) from dead_letter
        cross join lateral (select case when headers ->> 'ce-linkseq' ~ '^[0-9]{1,18}$'
            then (headers ->> 'ce-linkseq')::bigint end as number) as told
        where state in ('failing', 'dead') and number > link_cursor.seq and number < last.linkseq
        and subject like 'ev.' || link_cursor.source || '.%.' || link_cursor.family || '.%'
        and not exists (
            select from inbox where inbox.source = link_cursor.source and inbox.family = link_cursor.family
            and linkseq = number
        )
    )) as missing
    from link_cursor cross join lateral (
        select max(linkseq) as linkseq from inbox
        where inbox.source = link_cursor.source and inbox.family = link_cursor.family and linkseq is not null
    ) as last
"""
"""How many numbers of each link are known to be missing. What arrived and could not be handled is not missing."""

OF_EVERY_SERVICE: tuple[Measure, ...] = (
    Measure(
        "sciezka_outbox_unsent",
        "Events that wait to be sent (backlog)",
        "select count(*) from outbox where sent_at is null",
    ),
    Measure(
        "sciezka_outbox_oldest_seconds",
        "Age of the oldest event that waits to be sent, 0 when there is none",
        "select coalesce(extract(epoch from now() - ("
        "select created_at from outbox where sent_at is null order by pos limit 1)), 0)",
    ),
    Measure(
        "sciezka_link_head",
        "Last number given to an event for this node",
        "select target, seq from link_head",
        ("target",),
    ),
    Measure(
        "sciezka_link_unreceipted",
        "Events for this node that it has not yet signed a receipt for",
        "select link_head.target, link_head.seq - coalesce(link_receipt.seq, 0)"
        " from link_head left join link_receipt on link_receipt.target = link_head.target",
        ("target",),
    ),
    Measure(
        "sciezka_link_cursor",
        "Number up to which every event of this node and family has arrived",
        "select source, family, seq from link_cursor",
        ("source", "family"),
    ),
    Measure("sciezka_link_gap", "Numbers known to be missing: later ones are here already", GAPS, ("source", "family")),
    Measure(
        "sciezka_link_alarms",
        "Alarms of links that no person has settled yet, by kind",
        "select kind, count(*) from link_alarm where settled_at is null group by kind",
        ("kind",),
    ),
    Measure(
        "sciezka_inbox_parked",
        "Events that wait for an earlier version of what they are about",
        "select count(*) from inbox where state = 'parked'",
    ),
    Measure(
        "sciezka_inbox_unknown",
        "Events of a type that this program does not know yet",
        "select count(*) from inbox where state = 'unknown'",
    ),
    Measure(
        "sciezka_dead_letters",
        "Messages a person must look at",
        "select count(*) from dead_letter where state = 'dead'",
    ),
    Measure(
        "sciezka_dead_letters_failing",
        "Messages that failed and are still tried again",
        "select count(*) from dead_letter where state = 'failing'",
    ),
)
