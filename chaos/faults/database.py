"""PostgreSQL dies, is away, and commits in another order than it counted."""

import asyncio
import os
import signal

import httpx2

from chaos.faults.fault import OWN_POSTGRES, SUPERVISED, Fault
from chaos.faults.load import Load
from chaos.system import System
from chaos.workload import ROUTES

AWAY_SECONDS = 300.0
_IDLE_SHARE = 0.2
_FROM_OPS = [route for route in ROUTES if route[0].startswith("ops-")]


async def killed(running: System) -> float:
    """F34: one backend is killed, then the server: callers are told 503, nothing is half done."""
    work = running.begin(12, seconds=4)
    await asyncio.sleep(1)
    query = "select pid from pg_stat_activity where usename = 'sciezka_ops_intake' limit 1"
    for row in await running.sql("ops", query):
        os.kill(row["pid"], signal.SIGKILL)
    await asyncio.sleep(1)
    await running.running.kill("postgres")
    await work
    seconds = await running.judge()
    unexpected = {entry.code for entry in running.history.entries if entry.phase == "info"} - {None, 503}
    assert not unexpected, unexpected
    return seconds


async def away(running: System, seconds: float = AWAY_SECONDS) -> float:
    """F35: the database is away: nothing is accepted, every process lives on and waits without work."""
    assert running.postgres is not None
    await running.work(6)
    url = running.running.record.database_url
    await running.postgres.stop()
    work = running.begin(6)
    await asyncio.sleep(5)
    await _refuses(running)
    load = Load(running.running)
    await asyncio.sleep(seconds)
    load.require_idle(_IDLE_SHARE)
    assert running.history.entries[-1].phase != "ok"
    await running.postgres.start()
    assert url == running.running.record.database_url
    rest = await running.judge_after(work)
    assert not running.running.killed()
    return rest


async def _refuses(running: System) -> None:
    """503, and when to ask again."""
    sender = running.institutions["ops-poraj"]
    headers = {"Authorization": f"Bearer {sender.token}"}
    answer = await httpx2.AsyncClient(timeout=40).get(f"{sender.url}/api/v1/referrals", headers=headers)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "5"), answer


async def late_commit(running: System) -> float:
    """F39: a letter gets its place first and is committed last: the relay passes no letter over."""
    await running.change("ops", _SLOW)
    await running.work(8, routes=_FROM_OPS)
    await running.change("ops", "drop trigger late on intake.outbox")
    held = await running.sql("ops", "select last_value from late")
    assert held[0]["last_value"] > 1
    return await running.judge()


_SLOW = """
create sequence late;
grant usage on sequence late to public;
create function late() returns trigger language plpgsql as $$
begin
    if nextval('public.late') in (1, 3) then perform pg_sleep(1.5); end if;
    return null;
end $$;
create constraint trigger late after insert on intake.outbox deferrable initially deferred
    for each row execute function public.late();
"""
"""The first and the third letter stay invisible for a while after later ones can be seen."""

FAULTS = (
    Fault("F34", "SIGKILL of a backend, then of the whole PostgreSQL", SUPERVISED, killed),
    Fault("F35", f"PostgreSQL away for {AWAY_SECONDS:.0f} s", OWN_POSTGRES, away, long=True),
    Fault("F39", "letters committed in another order than they were counted", SUPERVISED, late_commit),
)
