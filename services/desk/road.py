"""The road between nodes in words that people know: whose institutions are at its ends, and what goes along it."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.codes import Language
from contracts.directory import Directory
from contracts.subjects import PATH_NODE
from services.desk import dates
from services.desk.language import texts
from services.kit.collation import in_order


def _(message: str) -> str:
    """Marks a text for the catalogues."""
    return message


_CARRIED: Mapping[str, str] = {
    "intake": _("skierowania i wnioski"),
    "referral": _("odpowiedzi i decyzje"),
    "path": _("etapy i terminy"),
    "paths": _("etapy i terminy"),
    "road": _("potwierdzenia odbioru"),
}
"""What goes along a link, by its family or by the service that writes it."""

_NAMED = 2
"""So many institutions of a node are told by name; of more, their kinds and towns."""


@dataclass(frozen=True)
class Place:
    """One end of a link. `code`: what it is called in logs and commands."""

    name: str
    towns: str
    code: str


def place(directory: Directory, node: str, language: Language) -> Place:
    """What this node is to people: its institutions."""
    said = texts(language).gettext
    here = sorted((each for each in directory.agencies if each.node == node), key=lambda each: in_order(each.name))
    if node == PATH_NODE:
        return Place(said(_("Rejestr ścieżek i terminów")), "", node)
    if len(here) <= _NAMED:
        return Place(dates.listing([each.name for each in here], language) or node, "", node)
    kinds = sorted({each.kind.upper() for each in here}, key=in_order)
    towns = sorted({each.town for each in here}, key=in_order)
    return Place(dates.listing(kinds, language), ", ".join(towns), node)


def carried(code: str, language: Language) -> str:
    """What goes along a link of this family."""
    return texts(language).gettext(_CARRIED[code]) if code in _CARRIED else code
