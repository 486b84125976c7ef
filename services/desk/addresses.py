"""Addresses: those that a request names, to go to afterwards, and those that the interface names."""


def own(address: str, otherwise: str = "/") -> str:
    """The address when it is one of the desk's own, and not of another host."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else otherwise


def page_of(link: str) -> str:
    """The page of what this link of the interface names: both are called alike."""
    return link.removeprefix("/api/v1")
