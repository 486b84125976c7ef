"""A page: a template with what every page needs."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined, Undefined

from contracts.codes import Language
from services.desk import dates
from services.desk.addresses import page_of
from services.desk.case.requested import REQUESTS
from services.desk.context import Desk
from services.desk.forms import new_key
from services.desk.frame import RELEASE, places, role_name, works_on_cases
from services.desk.health import Health
from services.desk.language import texts, wished
from services.desk.static import build
from services.desk.visitors import Visitor
from services.kit.correlation import current


class Missing(Undefined):
    """May be asked for (the components do), but not written: a text that is missing is a fault, not an empty place."""

    __str__ = StrictUndefined.__str__


@cache
def environment(language: Language) -> Environment:
    """The templates in one language."""
    templates = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("services.desk"),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        undefined=Missing,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    spoken = texts(language)
    templates.install_gettext_callables(spoken.gettext, spoken.ngettext, newstyle=True)  # type: ignore[attr-defined]
    said = (
        dates.day,
        dates.moment,
        dates.short_day,
        dates.weekday,
        dates.few_days,
        dates.short_moment,
        dates.clock,
        dates.number,
        dates.listing,
    )
    templates.filters |= {each.__name__: partial(each, language=language) for each in said}
    templates.filters["page_of"] = page_of
    templates.filters["away"] = partial(dates.away, language=language)
    templates.filters["from_to"] = partial(dates.from_to, language=language)
    templates.globals |= {
        "language": language,
        "new_key": new_key,
        "asset": build().address,
        "places": places,
        "role_name": partial(role_name, language=language),
        "works_on_cases": works_on_cases,
        "REQUESTS": REQUESTS,
        "release": RELEASE,
    }
    return templates


def health_of(request: Request) -> Health:
    """What is known of the connections of this node."""
    health: Health = request.app.state.health
    return health


def render(
    request: Request,
    desk: Desk,
    who: Visitor | None,
    template: str,
    *,
    status: int = 200,
    block: str | None = None,
    headers: Mapping[str, str] | None = None,
    **told: Any,
) -> HTMLResponse:
    """The page for this person; `block`: only that block of it, for a page that replaces a part of itself."""
    language = who.language if who else wished(request)
    page = environment(language).get_template(template)
    context = {
        "request": request,
        "here": request.url.path,
        "number_of_request": current(),
        "desk": desk,
        "who": who,
        "errors": {},
        "health": health_of(request),
        **told,
    }
    html = page.render(context) if block is None else "".join(page.blocks[block](page.new_context(context)))
    return HTMLResponse(html, status, {"Content-Language": language, **(headers or {})})
