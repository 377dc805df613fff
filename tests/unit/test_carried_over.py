"""What is said of stored runs after edits in a live project is what a project that is opened anew says of them."""

import random
import shutil
from pathlib import Path

import pytest

from fixtures.demo import unpack
from huldra.analysis import snapshot as snapshots
from huldra.analysis.live import LiveProject, LiveState
from huldra.analysis.snapshot import Snapshot
from huldra.comparison.model import ComparedRun, Judged
from huldra.features.project_view import ProjectView
from tests.harness.shown import as_shown
from tests.reuse.states import edits
from tests.unit.test_held_store import assert_same_view, change_run

UNREACHED = ("toytext/experiments.py", "", "\n\ndef unrelated() -> int:\n    value = 1\n    return value\n")
# What importing a module does to a value that runs' code reads: such a helper is asked, though no run reaches it.
ASKED = "\n\ndef prepare(pattern: re.Pattern[str]) -> None:\n    pattern.flags\n\n\nprepare(WORD)\n"
EDITS = (
    # file, old, new, whether any run must be judged again
    ("toytext/experiments.py", "value = 1\n", "value = 2\n", False),
    ("toytext/experiments.py", "value = 1\n", "value = 2\n    # one more\n\n    value += 1\n", False),
    ("toytext/experiments.py", "value = 1\n", "value = 1; ROWS['x'] = 1\n", True),
    ("toytext/experiments.py", "value = 1\n", "value = 1; import toytext.tokenizer as t; t.ROWS = 1\n", True),
    ("toytext/textutil.py", "pattern.flags", "pattern.update(1)", True),
    ("toytext/tokenizer.py", "return counts\n", "return counts or counts\n", True),
    ("toytext/tokenizer.py", "max_size: int = 50", "max_size: int = 51", True),
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "toytext"
    unpack(folder)
    path = folder / UNREACHED[0]
    path.write_text(path.read_text(encoding="utf-8") + UNREACHED[2], encoding="utf-8")
    path = folder / "toytext" / "textutil.py"
    path.write_text(path.read_text(encoding="utf-8") + ASKED, encoding="utf-8")
    return folder


def finished(live: LiveProject, buffers: dict[str, str]) -> LiveState:
    state = live.take_state(buffers)
    live.finish(state)
    return state


@pytest.mark.parametrize(("name", "old", "new", "is_judged"), EDITS, ids=[edit[2].strip() for edit in EDITS])
def test_edits(sample: Path, monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str, is_judged: bool) -> None:
    judged: list[object] = []
    again = snapshots.compare_again
    monkeypatch.setattr(snapshots, "compare_again", lambda *words: judged.append(1) or again(*words))
    text = (sample / name).read_text(encoding="utf-8")
    assert text.count(old) == 1
    live = LiveProject(sample)
    finished(live, {name: text})
    live.make_room([name])
    finished(live, {name: text})
    count = len(judged)
    after = finished(live, {name: text.replace(old, new)})
    assert (len(judged) > count) is is_judged
    shutil.rmtree(sample / ".huldra_cache", ignore_errors=True)
    anew = finished(LiveProject(sample), {name: text.replace(old, new)})
    for part in (
        lambda it: [(run.key, run.verdict, run.certainty, run.reasons, run.notes) for run in it.comparison.runs],
        lambda it: it.experiments,
        lambda it: it.problems,
    ):
        assert as_shown(after.snapshot, part(after.snapshot)) == as_shown(anew.snapshot, part(anew.snapshot))


def said(runs: tuple[ComparedRun, ...]) -> list[tuple[object, ...]]:
    return [tuple(getattr(run, name) for name in ("key", "run", *Judged.__struct_fields__)) for run in runs]


@pytest.mark.parametrize("seed", range(4))
def test_random_edits_of_code_and_store(toytext: Path, tmp_path: Path, seed: int) -> None:
    root, chance = tmp_path / "toytext", random.Random(seed)
    shutil.copytree(toytext, root)
    paths = sorted((root / "toytext").rglob("*.py"))
    texts = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    live = LiveProject(root)
    finished(live, texts)
    last: ProjectView | None = None
    for words, buffers in edits(texts, chance, 25):
        if chance.random() < 0.2:
            live.forget_store(change_run(root / "data-huldra", chance, toytext / "data-huldra"))
        state = finished(live, buffers)
        anew = Snapshot(state.snapshot.inputs)
        found = state.snapshot.comparison
        assert said(found.runs) == said(anew.comparison.runs), words
        assert found.dynamic_matches == anew.comparison.dynamic_matches, words
        last = ProjectView(state.workspace, state.snapshot, None, last)
        assert_same_view(last, state)
