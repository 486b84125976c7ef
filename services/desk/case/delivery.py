"""How far a referral has come, from facts alone: each state with its time, or the reason why it has none yet."""

from dataclasses import dataclass
from datetime import datetime

from contracts.api import Referral


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message


@dataclass(frozen=True)
class Step:
    """`name` and `meaning` are msgids; `at`: since when it is a fact."""

    name: str
    meaning: str
    at: datetime | None


def steps(referral: Referral) -> tuple[Step, ...]:
    """The four states in order. What was skipped (decided without a review) has its time all the same."""
    times = referral.times
    return (
        Step(_("Wysłano"), _("zapisano w bazie instytucji kierującej"), times.submitted),
        Step(_("Dostarczono"), _("jest w bazie instytucji przyjmującej"), times.delivered),
        Step(_("Otwarto"), _("ktoś w instytucji przyjmującej je otworzył"), times.seen),
        Step(_("Rozstrzygnięto"), _("przyjęto, odmówiono albo wycofano"), times.decided),
    )
