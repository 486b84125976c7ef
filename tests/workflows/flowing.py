"""`python -m tests.workflows.flowing DATABASE`: a re-flow in a process of its own, in small batches, to be killed."""

import asyncio
import sys

from sqlalchemy import make_url

from services.kit.clock import DatabaseClock
from services.kit.database import Database
from services.kit.service import Service
from tests.workflows.examples import DIRECTORY
from workflows import reflow


async def main(url: str) -> None:
    """Tells again and again how many remain."""
    reflow.BATCH = 8
    reflow._TELL_SECONDS = 0.01
    service = Service("path", "path", DIRECTORY, Database(make_url(url)), DatabaseClock())

    def told(remaining: int) -> None:
        sys.stdout.write(f"{remaining}\n")
        sys.stdout.flush()

    await reflow.flow(service, told)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
