"""A project that is edited chooses its files anew when, and only when, an edit may change the choice."""

import random
from contextlib import suppress
from pathlib import Path

import pytest

from huldra.analysis import host
from huldra.analysis.kept import Cancelled
from huldra.analysis.live import LiveProject
from tests.harness.shown import as_shown

FILES = {
    "pyproject.toml": "",
    "lib.py": "import huldra\n\nclass Train(huldra.Huldra[int]):\n    lr: float = 0.5\n",
    "uses.py": "from lib import Train\n\none = Train(lr=1.5)\n",
    "scripts/near.py": "from lib import Train\n",
    "scripts/run.py": "x = 1\n",
}
EDITS = (
    ("uses.py", "x = 1\n"),
    ("uses.py", "from lib import Train\n\none = Train(lr=2.5)\n"),
    ("scripts/run.py", "from near import Train\n\ntwo = Train(lr=3.5)\n"),
    ("scripts/run.py", "from near import Train\n\ntwo = Train(lr=4.5)\n"),
    ("scripts/run.py", "import near\n"),
    ("lib.py", "class Train:\n    pass\n"),
    ("lib.py", FILES["lib.py"]),
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("seed", range(3))
def test_after_any_edit_the_files_are_those_that_a_fresh_start_chooses(project: Path, seed: int) -> None:
    chance = random.Random(seed)
    live = LiveProject(project)
    buffers: dict[str, str] = {}
    for _ in range(25):
        name, text = chance.choice(EDITS)
        if chance.random() < 0.2:
            buffers.pop(name, None)
        else:
            buffers = {**buffers, name: text}
        now, fresh = live.take_state(buffers).snapshot, LiveProject(project).take_state(buffers).snapshot
        assert now.project.relevant == fresh.project.relevant
        assert now.project.modules == fresh.project.modules
        assert as_shown(now, now.experiments) == as_shown(fresh, fresh.experiments)


def test_an_edit_that_changes_no_import_leaves_the_choice(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[int] = []
    real = host.relevant_files
    monkeypatch.setattr(host, "relevant_files", lambda *words: chosen.append(1) or real(*words))
    live = LiveProject(project)
    for number in range(5):
        live.take_state({"uses.py": f"from lib import Train\n\none = Train(lr={number}.5)\n"})
    assert len(chosen) == 1
    live.take_state({"uses.py": "import json\n"})
    assert len(chosen) == 2


def test_a_state_that_is_given_up_while_files_are_read_loses_none(project: Path) -> None:
    countdown = [10**9]

    def check() -> None:
        countdown[0] -= 1
        if countdown[0] == 0:
            raise Cancelled

    live = LiveProject(project, (), check)
    whole = live.take_state({})
    for patience in range(1, len(whole.snapshot.inputs.texts) + 1):
        countdown[0] = patience
        live.forget_files()
        with suppress(Cancelled):
            live.take_state({"new.json": "{}"})
        countdown[0] = 10**9
        assert live.take_state({"new.json": "{ }"}).snapshot.inputs.texts == whole.snapshot.inputs.texts


def test_a_file_that_cannot_be_read_is_passed_over_in_every_state(project: Path) -> None:
    (project / "helper.py").write_bytes(b"name = '\xff'\n")
    text = "from helper import Base\nfrom lib import Train\n\n"
    text += "class Other(Base):\n    pass\n\ndef build():\n    return Train(lr={})\n"
    live = LiveProject(project)
    live.finish(live.take_state({"uses.py": text.format(1.5)}))
    # The first edit after it, then the file as it can be read, and as it cannot again.
    for number, helper in ((2.5, None), (3.5, None), (4.5, "name = 1\n"), (5.5, "name = 1\n"), (6.5, None)):
        buffers = {"uses.py": text.format(number)} | ({} if helper is None else {"helper.py": helper})
        state, fresh = live.take_state(buffers), LiveProject(project).take_state(buffers)
        live.finish(state)
        ours, theirs = state.snapshot, fresh.snapshot
        assert as_shown(ours, ours.experiments) == as_shown(theirs, theirs.experiments)
        assert as_shown(ours, ours.problems) == as_shown(theirs, theirs.problems)
