"""The people of an institution as its administrator sees them: logins, posts, never a password but a new one, once."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.base import Code, Instant, Message, RoleCode, Slug
from contracts.sessions import Login

LocalPart = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", max_length=40)]
"""A login without its institution: `anna.nowak`."""

PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]

AccountAction = Literal["disable", "enable", "new_password", "rename", "give_post", "take_post"]


class HeldPost(Message):
    """A role that a person has in the caller's institution, `label` in the caller's language."""

    role: RoleCode
    label: str


class Account(Message):
    """A person of the caller's institution.

    `home`: the institution whose administrator names, blocks and unblocks them; another one may only give or take posts
    of its own. `blocked_until`: too many wrong passwords.
    """

    id: UUID
    login: Login
    name: str
    home: Slug
    posts: tuple[HeldPost, ...]
    disabled_at: Instant | None = None
    blocked_until: Instant | None = None
    signed_in_at: Instant | None = None


class AccountPage(Message):
    items: tuple[Account, ...]
    next: str | None = None


class Colleague(Message):
    """Somebody of one's own institution, with the units they belong to. `active`: they may sign in for it now."""

    id: UUID
    login: Login
    name: str
    posts: tuple[HeldPost, ...]
    units: tuple[Code, ...]
    active: bool = True


class Colleagues(Message):
    """Everybody who works or worked at the caller's institution and has an account still, by name."""

    items: tuple[Colleague, ...]


class NewAccount(Message):
    """A person to let in. The login is completed with the institution: `anna.nowak` becomes `anna.nowak@ops-poraj`."""

    login: LocalPart
    name: PersonName
    role: RoleCode


class Admitted(Message):
    """An account, and the password that is told this once: nobody can look it up again."""

    account: Account
    password: str | None = None


class Borrowed(Message):
    """A post for somebody who has an account at another institution of the node."""

    login: str = Field(max_length=100)
    role: RoleCode


class AccountChange(Message):
    """What an action on an account asks for: `rename` a name, `give_post` and `take_post` a role."""

    name: PersonName | None = None
    role: RoleCode | None = None
