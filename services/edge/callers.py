"""Who calls, and whether their roles let them into this part of the interface at all.

A route that says nothing else is about cases: whoever only administers is kept out of it, and whoever only looks out of
what changes something.
"""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from contracts.sessions import PASSIVE
from rules.roles import administers, decides, sees_cases
from services.edge.tokens import Tokens
from services.kit.caller import Caller
from services.kit.problems import Problem, language_of

_bearer = HTTPBearer(auto_error=False)


async def _token(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> str:
    if credentials is None:
        raise Problem("not_authenticated")
    return credentials.credentials


Bearer = Annotated[str, Depends(_token)]


async def _caller(request: Request, token: Bearer, accept_language: Annotated[str | None, Header()] = None) -> Caller:
    """Who calls. Raises Problem 401."""
    tokens: Tokens = request.app.state.desks.tokens
    caller = await tokens.read(token, active=PASSIVE not in request.headers)
    if caller is None:
        raise Problem("not_authenticated")
    return replace(caller, language=language_of(accept_language))


_Caller = Annotated[Caller, Depends(_caller)]


async def _anyone(caller: _Caller) -> Caller:
    if not caller.roles:
        raise Problem("not_authenticated")
    return caller


Anyone = Annotated[Caller, Depends(_anyone)]
"""Any person or program of an institution."""


async def _holder(caller: _Caller) -> Caller:
    if caller.roles and not sees_cases(caller.roles):
        raise Problem("not_for_this_role")
    return caller


Holder = Annotated[Caller, Depends(_holder)]
"""Who may see cases, and a reader without any role, as the desk's list of work is: for what tells of no person. To
all else such a token is none."""


async def _looking(caller: Anyone) -> Caller:
    if not sees_cases(caller.roles):
        raise Problem("not_for_this_role")
    return caller


Looking = Annotated[Caller, Depends(_looking)]
"""Who may see cases, also by a request that is not a GET."""


async def _who(request: Request, caller: Looking) -> Caller:
    if request.method != "GET" and not decides(caller.roles):
        raise Problem("not_for_this_role")
    return caller


Who = Annotated[Caller, Depends(_who)]
"""Who may see cases and, unless the request is a GET, change them."""


async def _administrator(caller: Anyone) -> Caller:
    if not administers(caller.roles):
        raise Problem("not_for_this_role")
    return caller


Administrator = Annotated[Caller, Depends(_administrator)]
"""Who keeps the accounts of their institution."""
