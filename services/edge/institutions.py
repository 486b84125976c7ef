"""The directory as the public interface shows it to an institution that looks for a receiver."""

from contracts.codes import AgencyKind
from contracts.directory import Agency, Directory
from contracts.institutions import Institution, InstitutionPage
from rules.calendar import local_day
from rules.kinds import kinds_from
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.database import Database

PAGE_SIZE = 200


class InstitutionsDesk:
    """What the edge offers of the directory. The day, on which agreements depend, is that of the node's database."""

    def __init__(self, directory: Directory, database: Database, clock: Clock) -> None:
        self._directory = directory
        self._database = database
        self._clock = clock

    async def page(
        self, caller: Caller, kind: AgencyKind | None, gmina: str | None, cursor: str | None
    ) -> InstitutionPage:
        """Institutions of a kind, or those that serve a gmina, by short name; the cursor is the last one shown."""
        async with self._database.transaction() as session:
            today = local_day(await self._clock.now(session))
        found = sorted(
            (
                agency
                for agency in self._directory.agencies
                if kind in (None, agency.kind)
                and (gmina is None or agency.serves(gmina, today))
                and agency.slug > (cursor or "")
            ),
            key=lambda agency: agency.slug,
        )
        shown = found[:PAGE_SIZE]
        sender = self._directory.find(caller.agency)
        items = tuple(_seen_by(sender, agency) for agency in shown)
        return InstitutionPage(items=items, next=shown[-1].slug if len(found) > PAGE_SIZE else None)


def _seen_by(sender: Agency | None, agency: Agency) -> Institution:
    return Institution(
        slug=agency.slug,
        kind=agency.kind,
        name=agency.name,
        town=agency.town,
        county=agency.county,
        gminas=agency.gminas,
        agreements=agency.agreements,
        units=agency.units,
        workshops=agency.workshops,
        sends=() if sender in (None, agency) else tuple(kinds_from(sender.kind, agency.kind)),
    )
