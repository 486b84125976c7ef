"""Logs: one JSON object a line on standard output, written at once. None ever holds personal data.

Lines of libraries are cut to their own words: a text that a library has filled in may quote what somebody typed, and so
may the message of an exception, so of an exception there is its class and where it came from.
"""

import json
import logging
import re
import sys
import traceback
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from services.kit import tracing

_DEEPEST = 5
"""Frames of a traceback that are told, the innermost ones."""

_WORDS = re.compile(r"[^\d\n\"'(<\[{]{0,200}")
"""Where numbers, quotes or brackets begin, there may be values: some libraries fill their texts in themselves."""


def configure_logging(node: str) -> None:
    """Every line tells when, how serious, what happened, on which node, and in the course of what.

    Also begins to trace. After any fork: a file's buffer and an exporter's thread belong to one process.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _Rendered(node),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.BytesLoggerFactory(sys.stdout.buffer),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers = [_Library()]
    root.setLevel(logging.WARNING)
    tracing.configure(node)


class _Rendered:
    """The last processor: the line as bytes."""

    def __init__(self, node: str) -> None:
        self._node = node
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_name_of).encode

    def __call__(self, _logger: Any, _method: str, line: Any) -> bytes:
        first = {name: line.pop(name) for name in ("timestamp", "level", "event")}
        return self._encode({**first, "node": self._node, **line}).encode()


class _Library(logging.Handler):
    """What libraries say through `logging`, as a line of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        write = structlog.get_logger().error if record.levelno >= logging.ERROR else structlog.get_logger().warning
        error = record.exc_info[1] if record.exc_info else None
        write("library", logger=record.name, said=_own_words(record), **(origin(error) if error else {}))


def _own_words(record: logging.LogRecord) -> str:
    """The beginning of the text as the library wrote it, before anything was filled in."""
    found = _WORDS.match(str(record.msg).strip())
    return found.group().strip() if found else ""


def origin(error: BaseException) -> dict[str, Any]:
    """Of an error its class and where it came from, never its text."""
    frames = traceback.extract_tb(error.__traceback__)[-_DEEPEST:]
    return {"cause": type(error).__name__, "at": [_place(frame) for frame in frames]}


def _place(frame: traceback.FrameSummary) -> str:
    """`services/kit/inbox.py:120 take`: the end of the path says enough."""
    return f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}"


def _name_of(value: object) -> str:
    """What is no plain value and no id is told by its class: its text could be anything."""
    return str(value) if isinstance(value, UUID) else type(value).__name__
