"""`<data>/stack.json`: what runs now, for other commands and for the next `up`."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from stack import processes
from stack.files import write_private


class PartRecord(BaseModel):
    """One process: `started` is its start in seconds since 1970, so that another process with the pid is not it."""

    model_config = ConfigDict(frozen=True)

    name: str
    pid: int
    started: float

    @property
    def process(self) -> processes.Process:
        return processes.Process(self.pid, self.started)


class StackRecord(BaseModel):
    """A running `up`: its own process, its first port, the addresses of its servers, its parts."""

    model_config = ConfigDict(frozen=True)

    pid: int
    created: float
    port: int
    nats_url: str
    temporal_address: str
    database_url: str
    parts: tuple[PartRecord, ...] = ()

    @property
    def process(self) -> processes.Process:
        """The `up` itself."""
        return processes.Process(self.pid, self.created)

    def with_part(self, name: str, pid: int) -> "StackRecord":
        """The record with this process as the part of that name; unchanged when the process has ended already."""
        process = processes.process(pid)
        if process is None:
            return self
        others = tuple(part for part in self.parts if part.name != name)
        return self.model_copy(update={"parts": (*others, PartRecord(name=name, pid=pid, started=process.started))})


def record_path(data: Path) -> Path:
    return data / "stack.json"


def read(data: Path) -> StackRecord | None:
    """The record, or None when there is none or it cannot be read."""
    try:
        return StackRecord.model_validate_json(record_path(data).read_bytes())
    except (OSError, ValidationError):
        return None


def write(data: Path, record: StackRecord) -> None:
    """Replace the record. It holds the address with the administrator's password: mode 600. Raises OSError."""
    write_private(record_path(data), record.model_dump_json(indent=2))


def forget(data: Path) -> None:
    """Remove the record: nothing runs any more."""
    record_path(data).unlink(missing_ok=True)
