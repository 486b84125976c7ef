"""Where the parts are. The environment decides; `sciezka up` fills it in for the embedded servers."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Addresses and the data folder of this process.

    `database_url` is the cluster's admin address (`postgresql://admin:secret@host:port/postgres`); the databases of
    the nodes are `sciezka_<node>`.
    """

    model_config = SettingsConfigDict(env_prefix="", extra="ignore", frozen=True)

    data: Path = Field(default=Path("var"), validation_alias="SCIEZKA_DATA")
    nats_url: str = Field(validation_alias="NATS_URL")
    temporal_address: str = Field(validation_alias="TEMPORAL_ADDRESS")
    database_url: str = Field(validation_alias="DATABASE_URL")
    edge_url: str | None = Field(default=None, validation_alias="EDGE_URL")
    """Where the interface of this node is, for a desk in a process of its own; else as credentials.json has it."""
    training: bool = Field(default=False, validation_alias="SCIEZKA_TRAINING")
    """A training stack: training PESELs are welcome, and no real person's data belongs here."""
