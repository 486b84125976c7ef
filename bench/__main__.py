"""`make bench`: start, memory, hand-overs, latency, an import, the desk, path facts, a change of rules; beside the raw
chain."""

import asyncio
import json
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url

from bench import desk, facts, imports, product, raw, reflow
from bench.measure import cpu_ms_each, cpu_seconds, tree_pss
from services.kit.database import database_name
from stack.files import ensure_folder
from stack.institutions import read_directory
from stack.record import StackRecord
from stack.secrets import read as read_secrets

CLIENTS, HANDOVERS, PER_SECOND = 32, 600, 20
PATHS = 400
ROWS = 500
LISTED, PAGES, DECISIONS = 5_000, 200, 30
LIVE = 100_000
_PORT = 8600


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="sciezka-bench-") as name:
        data = ensure_folder(Path(name) / "var")
        _say("cold start")
        cold = await _timed_start(data)
        await _end(cold[0])
        _say("warm start")
        warm = await _timed_start(data)
        try:
            results = {"cold_start_s": cold[1], "warm_start_s": warm[1], "pss_mb": tree_pss(warm[0].pid) / 1e6}
            results |= await _measure(data)
            results["pss_after_mb"] = tree_pss(warm[0].pid) / 1e6
        finally:
            await _end(warm[0])
    _print(results)


async def _timed_start(data: Path) -> tuple[asyncio.subprocess.Process, float]:
    """`sciezka up` until every node is ready. Raises RuntimeError when it ends instead."""
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "stack", "up", "--data", str(data), "--port", str(_PORT), "--empty",
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    async with httpx2.AsyncClient() as http:
        for port in range(_PORT, _PORT + 5):
            while not await _ready(http, port):
                if process.returncode is not None:
                    raise RuntimeError("sciezka up ended")
                await asyncio.sleep(0.05)
    return process, time.perf_counter() - begun


async def _ready(http: httpx2.AsyncClient, port: int) -> bool:
    try:
        return (await http.get(f"http://127.0.0.1:{port}/ready")).status_code == 200
    except httpx2.HTTPError:
        return False


async def _end(process: asyncio.subprocess.Process) -> None:
    process.send_signal(signal.SIGINT)
    await process.wait()


async def _measure(data: Path) -> dict[str, Any]:
    record = StackRecord.model_validate_json((data / "stack.json").read_bytes())
    people = json.loads((data / "credentials.json").read_text())
    credentials = people[product.SENDER]
    directory, secrets = read_directory(data), read_secrets(data)
    node = directory[product.RECEIVER].node
    async with httpx2.AsyncClient(timeout=60) as http:
        receiver = await asyncpg.create_pool(_database(record, node), min_size=1, max_size=1)
        path = await asyncpg.create_pool(_database(record, "path"), min_size=1, max_size=1)
        ours = product.Product(http, credentials["url"], credentials["token"], directory, receiver)
        _say("hand-overs of the product")
        spent = cpu_seconds(record.parts)
        handoffs = await product.measure_handoffs(ours, clients=CLIENTS, count=HANDOVERS)
        await product.settled(path)
        cpu = cpu_ms_each(spent, cpu_seconds(record.parts), HANDOVERS)
        _say("an import")
        imported = await imports.measure_import(http, credentials["url"], credentials["token"], directory, rows=ROWS)
        await product.settled(path)
        _say("its latency")
        latency = await product.measure_latency(ours, per_second=PER_SECOND, count=HANDOVERS // 4)
        await product.settled(path)
        _say("the desk")
        at_desk = await desk.measure_desk(ours, people, directory, rows=LISTED, pages=PAGES, decisions=DECISIONS)
        sender = await asyncpg.connect(_database(record, directory[product.SENDER].node))
        body = await sender.fetchval("select body from intake.outbox where target = $1 limit 1", node)
        await sender.close()
        await receiver.close()
        await path.close()
    _say("its path facts")
    facts_rate = await facts.measure_facts(
        nats_url=record.nats_url,
        secrets=secrets,
        temporal_address=record.temporal_address,
        directory=directory,
        sender=product.SENDER,
        receiver=product.RECEIVER,
        paths=PATHS,
        at_once=CLIENTS,
    )
    _say("a change of rules under many live deadlines")
    reflowed = await reflow.measure_reflow(
        database_url=record.database_url,
        directory=directory,
        sender=product.SENDER,
        receiver=product.RECEIVER,
        deadlines=LIVE,
    )
    _say("the raw chain")
    chain, raw_latency = await raw.measure_chain(
        database_url=record.database_url,
        nats_url=record.nats_url,
        nats_password=secrets.nats_admin,
        body=body,
        clients=CLIENTS,
        count=HANDOVERS * 2,
        per_second=PER_SECOND,
    )
    _say("raw signals and local activities")
    raw_facts = await raw.measure_facts(record.temporal_address, paths=PATHS, facts=facts.FACTS, at_once=CLIENTS)
    return {
        "handoffs_per_s": (handoffs, chain),
        "latency_p50_ms": (latency.p50, raw_latency.p50),
        "latency_p99_ms": (latency.p99, raw_latency.p99),
        "path_facts_per_s": (facts_rate, raw_facts),
        "import_of_500_s": imported,
        "reflow_of_100000_s": reflowed,
        **at_desk,
        **{f"cpu_ms_per_handoff_{part}": spent for part, spent in cpu.items()},
    }


def _say(what: str) -> None:
    print(f"measuring: {what}", file=sys.stderr, flush=True)


def _database(record: StackRecord, node: str) -> str:
    url = make_url(record.database_url).set(drivername="postgresql", database=database_name(node))
    return url.render_as_string(hide_password=False)


def _print(results: dict[str, Any]) -> None:
    if "--json" in sys.argv:
        print(json.dumps(results))
        return
    table = Table("", "Ścieżka", "raw", "ratio")
    for name, value in results.items():
        ours, bare = value if isinstance(value, tuple) else (value, None)
        table.add_row(name, f"{ours:.1f}", f"{bare:.1f}" if bare else "", f"{ours / bare:.2f}" if bare else "")
    Console().print(table)


asyncio.run(main())
