"""What the clients did and what they were told, as it happened: an account that the system cannot touch."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

Phase = Literal["invoke", "ok", "fail", "info"]
"""`info`: the outcome is unknown, the system may or may not have done it."""


@dataclass(frozen=True)
class Entry:
    """One line: an institution calls, or learns what came of a call. Ids and codes only.

    `key` is the Idempotency-Key of a submission, `referral` what a call was about or has made; `status` and `version`
    are the referral as the answer showed it, `code` the HTTP status of the answer.
    """

    at: datetime
    call: int
    actor: str
    phase: Phase
    action: str
    key: str | None = None
    referral: str | None = None
    code: int | None = None
    status: str | None = None
    version: int | None = None


class History:
    """Appends to memory and, line by line, to a file, so that it is there whatever becomes of this process."""

    def __init__(self, file: Path) -> None:
        self.entries: list[Entry] = []
        self._file = file.open("a", encoding="utf-8", buffering=1)
        self._calls = 0

    def invoke(self, actor: str, action: str, *, key: str | None = None, referral: str | None = None) -> Entry:
        """A call begins."""
        self._calls += 1
        return self._append(Entry(datetime.now(UTC), self._calls, actor, "invoke", action, key, referral))

    def learn(self, begun: Entry, phase: Phase, **known: object) -> Entry:
        """The call ended like this."""
        return self._append(replace(begun, at=datetime.now(UTC), phase=phase, **known))  # type: ignore[arg-type]

    def close(self) -> None:
        self._file.close()

    def _append(self, entry: Entry) -> Entry:
        self.entries.append(entry)
        self._file.write(json.dumps(asdict(entry), default=str) + "\n")
        return entry


def answered(entries: Sequence[Entry]) -> list[Entry]:
    """The answers that tell something for certain."""
    return [entry for entry in entries if entry.phase == "ok"]
