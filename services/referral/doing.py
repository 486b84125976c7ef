"""What each action of the receiver changes besides the state, and what of it is told."""

from services.referral.ending import ENDING
from services.referral.moves import Doer
from services.referral.reviewing import REVIEWING
from services.referral.serving import SERVING
from services.referral.waiting import WAITING

DOERS: dict[str, Doer] = {**REVIEWING, **WAITING, **SERVING, **ENDING}
