"""The lenses of open files before all runs are judged: the same as afterwards, and no other run is judged for them."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.comparison.model import Judged
from huldra.features.first_lenses import first_lenses
from huldra.features.lenses import file_lenses
from huldra.features.project_view import ProjectView
from huldra.lsp import projects
from huldra.lsp.background import Background
from huldra.lsp.buffers import Buffers
from huldra.lsp.garbage import Garbage
from huldra.lsp.projects import Failed, First, OpenProject, Published

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def test_each_file_has_the_lenses_that_it_has_afterwards(toytext: Path) -> None:
    workspace = open_workspace(toytext)
    whole = ProjectView(workspace, take_snapshot(workspace))
    files = sorted(whole.snapshot.project.relevant)
    titles = 0
    for file in files:
        snapshot = take_snapshot(workspace)
        found = first_lenses(workspace, snapshot, [file], NOW)
        assert found == {file: file_lenses(whole, file, NOW)}
        titles += len(found[file])
        assert snapshot.comparison == whole.snapshot.comparison
    assert titles > len(files)
    together = first_lenses(workspace, take_snapshot(workspace), files, NOW)
    assert together == {file: file_lenses(whole, file, NOW) for file in files}


def test_only_the_runs_of_what_stands_in_the_files_are_judged(toytext: Path) -> None:
    workspace = open_workspace(toytext)
    snapshot = take_snapshot(workspace)
    (corpus,) = [info for name, info in snapshot.project.classes.items() if name.endswith(".Corpus")]
    first_lenses(workspace, snapshot, [corpus.place.file], NOW)
    judged = {run.run.class_name for run in snapshot.comparison_on_demand.runs if isinstance(run._said, Judged)}
    beside = {info.name for info in snapshot.project.classes.values() if info.place.file == corpus.place.file}
    assert corpus.name in judged
    assert judged <= beside


@pytest.mark.parametrize("many", [0, 1_000_000])
def test_a_large_store_has_its_first_lenses_delivered_before_the_first_state(
    toytext: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    root, file = tmp_path / "copy", "toytext/train.py"
    shutil.copytree(toytext, root, symlinks=True)
    monkeypatch.setattr(projects, "_MANY_RUNS", many)
    delivered: list[Published | First | Failed] = []
    buffers = Buffers()

    def deliver(_: OpenProject, result: Published | First | Failed) -> None:
        delivered.append(result)

    background = Background(lambda: None, lambda _, work: work())  # never started: the work is done here
    project = OpenProject(root, (), buffers, background, deliver, Garbage(), lambda _words, _share: None)
    uri = (root / file).as_uri()
    buffers.open(uri, 1, (root / file).read_text())
    project.uris[file] = uri
    project.analyse()
    project.analyse()
    assert [type(result) for result in delivered] == [*([First] if not many else []), Published, Published]
    if not many:
        first, state = delivered[:2]
        assert isinstance(first, First)
        assert isinstance(state, Published)
        now = datetime.now(UTC)
        assert [lens.place for lens in first.lenses[file]] == [
            lens.place for lens in file_lenses(state.view, file, now)
        ]
        assert first.published.buffers == state.buffers
