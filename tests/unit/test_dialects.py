"""One fixture under each name that the library has had: the code, the store, and the same answers."""

import json
import subprocess
import tarfile
from pathlib import Path

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.analysis.snapshot import Snapshot
from huldra.formats.config_values import ConfigValue
from huldra.formats.identity import canonical_json, identity_hash

FIXTURE = Path(__file__).parents[2] / "fixtures" / "toytext"


def unpack(target: Path) -> Path:
    subprocess.run(["git", "clone", "-q", str(FIXTURE / "repo.bundle"), str(target)], check=True, capture_output=True)
    with tarfile.open(FIXTURE / "store.tar.gz") as archive:
        archive.extractall(target, filter="data")
    return target


def renamed(project: Path, name: str, store: str) -> Path:
    """Rewrite a project and its store for another name of the library."""
    for file in project.rglob("*.py"):
        text = file.read_text().replace("huldra", name).replace("Huldra", name.title())
        file.write_text(text)
    (project / "data-huldra").rename(project / store)
    for internal in list((project / store).rglob(".huldra")):
        metadata = internal / "metadata.json"
        if metadata.exists():
            record = json.loads(metadata.read_text())
            record = {key.replace("huldra_", f"{name}_"): value for key, value in record.items()}
            metadata.write_text(json.dumps(record, indent=2))
        log = internal / "huldra.log"
        if log.exists():
            log.rename(internal / f"{name}.log")
        internal.rename(internal.with_name(f".{name}"))
    return project


def verdicts(snapshot: Snapshot) -> dict[str, tuple[str, list[str]]]:
    return {run.run.path: (run.verdict, [r.code for r in run.reasons]) for run in snapshot.comparison.runs}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return take_snapshot(open_workspace(unpack(tmp_path_factory.mktemp("huldra") / "toytext")))


def test_gren_gives_the_same_answers(original: Snapshot, tmp_path: Path) -> None:
    project = renamed(unpack(tmp_path / "toytext"), "gren", "data-gren")
    snapshot = take_snapshot(open_workspace(project))
    assert len(snapshot.experiments.by_key) == 28
    assert snapshot.experiments.by_key.keys() == original.experiments.by_key.keys()
    assert verdicts(snapshot) == verdicts(original)


def test_furu_finds_the_same_configs_and_hashes_their_dependencies(original: Snapshot, tmp_path: Path) -> None:
    project = renamed(unpack(tmp_path / "toytext"), "furu", "furu-data")
    snapshot = take_snapshot(open_workspace(project))
    configs = sorted(canonical_json(e.config) for e in snapshot.experiments.by_key.values())
    assert configs == sorted(canonical_json(e.config) for e in original.experiments.by_key.values())
    assert len(snapshot.store.runs) == 47
    for experiment in snapshot.experiments.by_key.values():
        # The rule of furu 0.0.3 to 0.0.5: hashes of direct dependencies go in; without any, nothing changes.
        same = identity_hash(experiment.config) == experiment.digest
        assert same is (not experiment.dependencies)


def test_dependencies_enter_the_hash_at_every_level() -> None:
    leaf = ConfigValue("m.Leaf", (("k", 1),))
    middle = ConfigValue("m.Middle", (("leaf", leaf),))
    top = ConfigValue("m.Top", (("middle", middle), ("n", 2)))
    inner = (
        f'{{"__class__":"m.Middle","__dependencies__":["{identity_hash(leaf)}"],"leaf":{{"__class__":"m.Leaf","k":1}}}}'
    )
    digest = identity_hash(middle, with_dependencies=True)
    assert canonical_json(middle, with_dependencies=True) == inner
    expected = f'{{"__class__":"m.Top","__dependencies__":["{digest}"],"middle":{inner},"n":2}}'
    assert canonical_json(top, with_dependencies=True) == expected
