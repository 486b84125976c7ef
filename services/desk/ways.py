"""How people prove who they are. Everything after it is the same for every way: another one takes the place of this."""

from typing import Protocol

from contracts.codes import Language
from contracts.sessions import SignedIn, SignIn
from services.desk.context import Desk


class SignInWay(Protocol):
    """`fields`: what the page of this way asks for. Raises Refused or Unreachable."""

    template: str
    fields: tuple[str, ...]

    async def proved(self, desk: Desk, language: Language, typed: dict[str, str]) -> SignedIn: ...


class LoginAndPassword:
    """An account of the node."""

    template: str = "signing_in/sign_in.html"
    fields: tuple[str, ...] = ("login", "password")

    async def proved(self, desk: Desk, language: Language, typed: dict[str, str]) -> SignedIn:
        wanted = SignIn(login=typed["login"][:100], password=typed["password"][:200])
        return await desk.api.of(None, language).post("/session", SignedIn, wanted)
