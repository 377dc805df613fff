"""The state of code and store for a question about a part of the store, of which no more is looked at."""

from collections.abc import Callable

from msgspec.structs import replace

from huldra.analysis.disk_cache import CACHE_DIRECTORY, DiskCache
from huldra.analysis.host import Workspace, look_around, read_code, snapshot_of, take_snapshot
from huldra.analysis.kept import Kept
from huldra.analysis.kept_facts import KeptFacts
from huldra.analysis.snapshot import Snapshot
from huldra.experiments.model import Experiments
from huldra.project.link import Project
from huldra.stored_runs.index.part import Part
from huldra.stored_runs.index.refresh import Progress, read_indexed
from huldra.stored_runs.model import StoredStore

PartOf = Callable[[Project, Experiments], Part | None]


def take_snapshot_of_part(workspace: Workspace, choose: PartOf | None, progress: Progress | None = None) -> Snapshot:
    """Effect: read code, and of the store what is asked about with all that its verdicts follow from.

    Args:
        workspace: The project.
        choose: Says what is asked about, when the code is known; all of it by default.
        progress: Told now and then while many runs are read.
    """
    if choose is None:
        return take_snapshot(workspace, progress)
    root = workspace.root.path
    kept = Kept(disk=KeptFacts(DiskCache(root)))
    code = read_code(workspace, kept)
    around = look_around(workspace, code, kept, store=StoredStore("empty"))
    experiments = snapshot_of(workspace, code, around).experiments
    part = choose(code.project, experiments)
    store = read_indexed(workspace.store.path, root / CACHE_DIRECTORY, progress, part, workspace.further).store

    def known(_: Callable[[], Experiments]) -> Experiments:
        return experiments

    code = replace(code, kept_experiments=known)
    return snapshot_of(workspace, code, replace(around, store=store))
