"""What the receiver's side stands on besides the kit's service: its keys."""

from dataclasses import dataclass

from services.kit.keyring import Keyring
from services.kit.service import Service


@dataclass(frozen=True)
class Receiving:
    """The referral service of a node."""

    service: Service
    keyring: Keyring
