"""The lenses of some files before all runs are judged: only the runs that stand in them are. Says nothing of others."""

from collections.abc import Collection, Mapping
from datetime import datetime

from huldra.analysis.host import Workspace
from huldra.analysis.snapshot import Snapshot
from huldra.comparison.model import RunsByKey
from huldra.features.lenses import Lens, file_lenses
from huldra.features.picture import picture_of_files
from huldra.features.project_view import ProjectView


def first_lenses(
    workspace: Workspace, snapshot: Snapshot, files: Collection[str], now: datetime
) -> Mapping[str, tuple[Lens, ...]]:
    """Return the lenses of files as the whole state gives them, but for those about an edit since the last commit.

    For the thread in which all runs are judged afterwards, which does not judge these again.

    Args:
        workspace: The project.
        snapshot: The state.
        files: Root-relative names.
        now: The present, aware.
    """
    comparison = snapshot.comparison_on_demand
    view = ProjectView(workspace, snapshot)
    view.picture = picture_of_files(snapshot, comparison, files)
    view.runs = RunsByKey(comparison, snapshot.experiments)
    return {file: file_lenses(view, file, now) for file in files}
