"""Who is calling: an institution, the roles it may act in, and a name for the claim on a referral."""

from dataclasses import dataclass

from contracts.codes import Language


@dataclass(frozen=True)
class Caller:
    """The authenticated origin of a command. `actor` is a login or a token's name, never a person's name."""

    agency: str
    roles: frozenset[str]
    actor: str
    language: Language = "pl"
