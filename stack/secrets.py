"""Passwords of the embedded servers: random, made once, kept in `<data>/secrets.json` with mode 600."""

from collections.abc import Sequence
from pathlib import Path
from secrets import token_urlsafe

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.subjects import schemas_of
from stack.errors import StackError
from stack.files import locked, write_private

_BYTES = 24


class Secrets(BaseModel):
    """Never shown: no field is part of the repr."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    postgres_admin: str = Field(repr=False)
    nats_admin: str = Field(repr=False)
    nats: dict[str, str] = Field(repr=False)
    database: dict[str, dict[str, str]] = Field(repr=False)

    def nats_password(self, node: str) -> str:
        """The password of the NATS user named like the node. Raises KeyError."""
        return self.nats[node]

    def database_password(self, node: str, service: str) -> str:
        """The password of the database role of this service in this node. Raises KeyError."""
        return self.database[node][service]

    @property
    def nodes(self) -> tuple[str, ...]:
        return tuple(self.nats)

    def covering(self, nodes: Sequence[str]) -> "Secrets":
        """These secrets plus new ones for nodes and services that have none; what exists stays as it is."""
        nats = self.nats | {node: token_urlsafe(_BYTES) for node in nodes if node not in self.nats}
        database = {
            node: {service: token_urlsafe(_BYTES) for service in schemas_of(node)} | self.database.get(node, {})
            for node in nodes
        }
        return self.model_copy(update={"nats": nats, "database": self.database | database})


def secrets_path(data: Path) -> Path:
    return data / "secrets.json"


def read(data: Path) -> Secrets:
    """The secrets of a data folder that `ensure` has prepared. Raises StackError when there are none."""
    try:
        return Secrets.model_validate_json(secrets_path(data).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise StackError(f"W katalogu {data} nie ma haseł (secrets.json).", "Uruchom najpierw: sciezka up.") from error
    except ValidationError:
        # From None: the text of a validation error quotes what it read.
        raise StackError(
            f"Plik {secrets_path(data)} jest uszkodzony.", "Przywróć go z kopii zapasowej: bazy znają te hasła."
        ) from None


def ensure(data: Path, nodes: Sequence[str]) -> Secrets:
    """The secrets for these nodes: read, completed for what is new, and kept. Raises StackError or OSError."""
    with locked(data / "secrets.lock", wait=True):
        if secrets_path(data).exists():
            known = read(data)
        else:
            known = Secrets(
                postgres_admin=token_urlsafe(_BYTES), nats_admin=token_urlsafe(_BYTES), nats={}, database={}
            )
        complete = known.covering(nodes)
        if complete != known or not secrets_path(data).exists():
            write_private(secrets_path(data), complete.model_dump_json(indent=2))
        return complete
