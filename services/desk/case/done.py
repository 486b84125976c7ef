"""What is said once an action on a referral is done. A decision needs no words here: it is said with its undoing."""

from collections.abc import Mapping

from contracts.api import Referral


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message


WORDS: Mapping[str, str] = {
    "claim": _("Wzięto do rozpatrzenia."),
    "release": _("Oddano do skrzynki."),
    "ask": _("Wysłano pytanie do instytucji kierującej."),
    "answer": _("Wysłano odpowiedź."),
    "withdraw": _("Wysłano prośbę o wycofanie."),
    "undo": _("Cofnięto decyzję."),
}


def address(referral: Referral, action: str) -> str:
    """The page of the referral after the action: `at` is the version that came of it, so that a page which is opened
    again later does not say what is long over."""
    return f"/referrals/{referral.id}?done={action}&at={referral.version}"


def words(referral: Referral, done: str | None, at: int | None) -> str | None:
    """What to say; None when something has happened since, or for an address that somebody made up."""
    return WORDS.get(done or "") if at == referral.version else None
