"""In which language a page is written: the cookie's, else the browser's wish, else Polish; and the texts in it.

Templates and code hold the Polish sentences; `locale/en` the English ones, `locale/pl` only the forms of plurals.
"""

from functools import cache
from importlib.resources import files
from typing import cast

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from fastapi import Request

from contracts.codes import Language
from services.kit.problems import language_of

COOKIE = "__Host-sciezka-language"


def wished(request: Request) -> Language:
    """The language of this page."""
    chosen = request.cookies.get(COOKIE)
    if chosen in ("pl", "en"):
        return cast(Language, chosen)
    return language_of(request.headers.get("accept-language"))


_PLACE = {"one": 0, "few": 1}
"""Where a form of plural stands; any other is the last one."""


class Texts:
    """The texts of the desk in one language, as gettext has them."""

    def __init__(self, language: Language, catalogue: Catalog) -> None:
        self._messages = {message.id: message.string for message in catalogue if message.id}
        self._form = Locale.parse(language).plural_form

    def gettext(self, message: str) -> str:
        """The text, the Polish one where there is no other."""
        found = self._messages.get(message)
        return found if isinstance(found, str) and found else message

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The text in the form that goes with the number."""
        found = self._messages.get((one, many))
        forms = found if isinstance(found, (tuple, list)) else (one, many)
        return forms[_PLACE.get(self._form(number), -1)]


@cache
def texts(language: Language) -> Texts:
    """All areas of the desk together."""
    merged = Catalog(locale=language)
    folder = files("services.desk").joinpath("locale", language)
    for area in sorted(folder.iterdir(), key=lambda each: each.name):
        if area.name.endswith(".po"):
            with area.open("rb") as file:
                for message in read_po(file, locale=language):
                    if message.id:
                        merged.add(message.id, message.string)
    return Texts(language, merged)
