"""What the list of work is read with: the interface, as each institution's own reader without any role."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from services.desk.api import Api, Calls
from services.kit.database import Database

PART = "reading"
"""By this name it is one of the parts of a desk."""


def reader_token(password: str, agency: str) -> str:
    """The token with which the desk reads for an institution: it follows from the password of the desk's own database
    role, which opens the same ids and codes, so there is no further secret to keep."""
    return hmac.new(password.encode(), f"work items of {agency}".encode(), sha256).hexdigest()


@dataclass(frozen=True)
class Reading:
    """`token_of`: the reader's token, by institution; `agencies`: those that are at home on this node."""

    node: str
    api: Api
    database: Database
    token_of: Callable[[str], str]
    agencies: tuple[str, ...]

    def calls(self, agency: str) -> Calls:
        """The interface, as the reader of this institution."""
        return self.api.of(self.token_of(agency), "pl")
