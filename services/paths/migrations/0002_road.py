"""Receipts, alarms, replays and the worklist of dead letters."""

from services.kit import ddl
from services.kit.plumbing_ddl import ROAD_DDL

revision = "paths_0002"
down_revision = "paths_0001"


def upgrade() -> None:
    ddl.run(ROAD_DDL)
