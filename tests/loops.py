"""The loop on which asynchronous tests run: the one that nodes run on (stack/node.py)."""

import os
import pwd
from collections.abc import Callable
from typing import Any

import pytest
import uvloop


class Loop(uvloop.Loop):
    """Starts programs under another account too, which uvloop leaves out and PostgreSQL needs when root runs tests."""

    async def subprocess_exec(self, protocol_factory: Any, *args: Any, **options: Any) -> Any:
        user = options.pop("user", None)
        options.pop("group", None)
        options.pop("extra_groups", None)
        if user is not None:
            options["preexec_fn"] = _becoming(user)
        return await super().subprocess_exec(protocol_factory, *args, **options)


def _becoming(user: str) -> Callable[[], None]:
    """What the new process does before its program begins: take on the account with its own group alone."""
    account = pwd.getpwnam(user)

    def become() -> None:
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)

    return become


@pytest.fixture(scope="session")
def _asyncio_loop_factory() -> type[Loop]:
    """The one loop of the session, in place of pytest-asyncio's own fixture of this name.

    Its hook for loops makes a parameter of them, which a test without a coroutine does not have: to pytest that is
    another loop, and everything that the session has started on the first one would be ended and started anew.
    """
    return Loop
