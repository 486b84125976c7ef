"""The process that nodes are forked from: it has imported the libraries once, so nodes start fast and share memory.

It takes orders as JSON lines on its standard input and answers on its standard output:
`{"order", "node", "port", "log"}` gives `{"order", "pid"}`; later `{"pid", "code"}` tells that the node ended. A first
empty answer `{}` tells that the imports are done. It ends when its input does, and every node ends when it ends.
"""

import gc
import importlib
import json
import os
import selectors
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any, NoReturn

from stack.files import open_log
from stack.parts import GRACE_SECONDS

LIBRARIES = (
    "asyncpg", "fastapi", "faststream.nats", "holidays", "joserfc.jwe", "sqlalchemy.ext.asyncio", "sqlmodel",
    "structlog", "temporalio.client", "temporalio.worker", "uvicorn", "stack.node",
)  # fmt: skip
"""None of them may start a thread when imported: a thread does not survive a fork, its locks do."""


def main() -> None:
    for name in LIBRARIES:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # collections in the nodes leave these objects alone, so that their pages stay shared
    lifeline, held = os.pipe()
    wake, waker = os.pipe()
    for end in (wake, waker):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    _answer({})
    _serve(wake, lifeline, inherited=(held, wake, waker))


def _serve(wake: int, lifeline: int, inherited: tuple[int, ...]) -> None:
    # Unbuffered: an order that waits in a buffer of ours would not wake the selector.
    with open(0, "rb", buffering=0, closefd=False) as orders, selectors.DefaultSelector() as selector:
        selector.register(orders, selectors.EVENT_READ)
        selector.register(wake, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fd == wake:
                    os.read(wake, 4096)
                    _report_ended()
                    continue
                line = orders.readline()
                if not line:
                    return
                order = json.loads(line)
                pid = os.fork()
                if pid == 0:
                    selector.close()
                    _become(order, lifeline, inherited)
                _answer({"order": order["order"], "pid": pid})


def _report_ended() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        _answer({"pid": pid, "code": os.waitstatus_to_exitcode(status)})


def _answer(message: dict[str, int]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _become(order: dict[str, Any], lifeline: int, inherited: tuple[int, ...]) -> NoReturn:
    """From here on this process is the node. It never returns into the loop that forked it."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number in inherited:
            os.close(number)
        nothing, output = os.open(os.devnull, os.O_RDONLY), open_log(Path(order["log"]))
        for source, target in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(source, target)
        os.close(nothing)
        os.close(output)
        threading.Thread(target=_end_with_zygote, args=(lifeline,), daemon=True).start()
        from stack.node import run_node

        run_node(order["node"], order["port"])
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _end_with_zygote(lifeline: int) -> None:
    os.read(lifeline, 1)  # returns when the zygote, the only writer, is gone
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
