"""What an operator watches of the paths, beside the road: what is late, and what has not reached Temporal."""

from services.kit.measures import Measure

MEASURES: tuple[Measure, ...] = (
    Measure(
        "sciezka_due_oldest_seconds",
        "How long the oldest due reminder or missed deadline has waited to be emitted, 0 when none is due",
        "select coalesce(extract(epoch from now() - ("
        "select min(at) from emission where emitted_at is null and at <= now())), 0)",
    ),
    Measure(
        "sciezka_facts_waiting",
        "Facts that have not reached their workflow",
        "select count(*) from wake where sent_at is null",
    ),
    Measure(
        "sciezka_facts_oldest_seconds",
        "Age of the oldest fact that has not reached its workflow, 0 when there is none",
        "select coalesce(extract(epoch from now() - (select received_at from fact where event_id = ("
        "select event_id from wake where sent_at is null order by pos limit 1))), 0)",
    ),
    Measure(
        "sciezka_untold_oldest_seconds",
        "How long the institutions of a changed path have not been told, 0 when all know",
        "select coalesce(extract(epoch from now() - (select min(since) from untold)), 0)",
    ),
)
