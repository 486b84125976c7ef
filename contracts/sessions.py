"""Signing in: who a person is, for which post, and until when."""

from pydantic import Field

from contracts.base import Instant, Message, RoleCode, Slug

PASSIVE = "Sciezka-Passive"
"""A header of calls that no person made, but a page by itself: they do not keep a session going."""

Login = str
"""What a person types to sign in: `anna.nowak@ops-poraj`."""


class PostChoice(Message):
    """One role in one institution."""

    agency: Slug
    role: RoleCode


class Post(PostChoice):
    """A post as people read it, `label` (the role) in the caller's language."""

    agency_name: str
    label: str


class SignIn(Message):
    """A person's login and password. Without `post` the one of last time."""

    login: str = Field(max_length=100)
    password: str = Field(max_length=200)
    post: PostChoice | None = None


class Session(Message):
    """Who calls, and until when.

    It ends at `expires_at`, in `seconds_left`, unless its person does something, and at `ends_at` in any case. An
    institution's own token has all its roles that decide, no post, and no end.
    """

    login: Login
    name: str
    agency: Slug
    agency_name: str
    roles: tuple[RoleCode, ...]
    role: RoleCode | None = None
    label: str | None = None
    posts: tuple[Post, ...] = ()
    expires_at: Instant | None = None
    ends_at: Instant | None = None
    seconds_left: int | None = None


class SignedIn(Session):
    """A bearer token for one post; it ends after `expires_in` seconds in any case."""

    token: str
    expires_in: int


class NewPassword(Message):
    """A person changes their own password."""

    password: str = Field(max_length=200)
    new_password: str = Field(min_length=12, max_length=200)
