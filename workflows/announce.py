"""What the path node tells the nodes of institutions when a path has changed."""

from datetime import datetime

from contracts.directory import Directory
from contracts.events import PathAdvanced
from contracts.subjects import PATH_NODE
from services.kit.outbox import Letter, new_id
from workflows.agenda import Agenda
from workflows.picture import pictures


def advances(directory: Directory, state: Agenda, at: datetime) -> list[Letter]:
    """The new picture of a path, for every institution concerned."""
    return [
        Letter(
            PathAdvanced(path_id=state.path_id, version=state.version, at=at, agency=agency.slug, view=picture),
            source=PATH_NODE,
            target=agency.node,
            id=new_id(),
        )
        for agency, picture in pictures(state, directory)
    ]
