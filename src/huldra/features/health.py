"""What was found and why not: the answer to "why does huldra not see my experiment?". Judges nothing in the code."""

import platform
from collections import Counter
from importlib.metadata import version

from msgspec import Struct

from huldra.analysis.host import Workspace
from huldra.analysis.snapshot import Snapshot
from huldra.features.picture import Picture
from huldra.features.store_words import store_words
from huldra.sources.discover import DiscoveryProblem
from huldra.sources.root import STORE_VARIABLE, shown_path
from huldra.sources.settings import OWN_FILE, PYPROJECT_FILE
from huldra.sources.toml_files import parse_toml, read_toml_text, value_at
from huldra.stored_runs.model import StoredStore, StoreProblem

_ROOT_RULES = {
    "option": "--root",
    "marker": "nearest directory with pyproject.toml, huldra.toml or .git",
    "start": "the working directory: no parent has pyproject.toml, huldra.toml or .git",
}
_STORE_RULES = {
    "option": "--store",
    "environment": STORE_VARIABLE,
    "settings": "the setting `store`",
    "default": "the default below the root",
    "other-name": "a store of the library under another name",
}


class Health(Struct, frozen=True):
    """Each part with the rule that chose it. Lists are sorted; `problem_counts` are pairs of code and number."""

    huldra_version: str
    python_version: str
    root: str
    root_rule: str
    settings_file: str | None
    import_roots: tuple[str, ...]
    files: int
    relevant_files: tuple[str, ...]
    left_out: tuple[DiscoveryProblem, ...]
    shadowed: tuple[tuple[str, str], ...]
    classes: tuple[str, ...]
    experiments: int
    dynamic_sites: int
    problem_counts: tuple[tuple[str, int], ...]
    store: str
    store_rule: str
    store_status: str
    store_words: str | None
    further_stores: tuple[tuple[str, int], ...]
    runs: int
    unreadable_runs: tuple[tuple[str, str], ...]
    store_problems: tuple[StoreProblem, ...]
    revision: str | None
    is_dirty: bool


def project_health(workspace: Workspace, snapshot: Snapshot, picture: Picture) -> Health:
    """Effect: look which file holds the settings. Return what was found."""
    store = snapshot.store
    codes = [problem.code for problem in picture.problems]
    return Health(
        huldra_version=version("huldra-lab"),
        python_version=platform.python_version(),
        root=workspace.root.path.as_posix(),
        root_rule=_ROOT_RULES[workspace.root.origin],
        settings_file=_settings_file(workspace),
        import_roots=tuple(root or "." for root in workspace.import_roots),
        files=len(workspace.discovery.files),
        relevant_files=snapshot.project.relevant,
        left_out=workspace.discovery.problems,
        shadowed=tuple(sorted(snapshot.project.modules.shadowed)),
        classes=tuple(row.name for row in picture.classes),
        experiments=len(picture.experiments),
        dynamic_sites=len(picture.dynamic),
        problem_counts=tuple((code, codes.count(code)) for code in sorted(set(codes))),
        store=picture.store,
        store_rule=_STORE_RULES[workspace.store.origin],
        store_status=store.status,
        store_words=store_words(store.status, picture.store, workspace, snapshot.project).text,
        further_stores=_further_stores(store),
        runs=len(picture.runs),
        unreadable_runs=tuple((run.path, run.reason) for run in store.unreadable),
        store_problems=store.problems,
        revision=picture.revision,
        is_dirty=picture.is_dirty,
    )


def _further_stores(store: StoredStore) -> tuple[tuple[str, int], ...]:
    """Return the names of the further stores, each with how many runs it holds."""
    counts = Counter(run.store for run in (*store.runs, *store.unreadable)) if store.further else Counter[str]()
    return tuple((name, counts[name]) for name in store.further)


def _settings_file(workspace: Workspace) -> str | None:
    root = workspace.root.path
    for name, keys in ((OWN_FILE, ()), (PYPROJECT_FILE, ("tool", "huldra"))):
        text = read_toml_text(root / name)
        if text is not None and value_at(parse_toml(text, root / name), keys):
            return shown_path(root / name, root)
    return None
