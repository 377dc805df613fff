"""Code beside a project that is installed from where it lies: runs, made really, and what is told of them since."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.analysis.live import LiveProject
from tests.unit.git_builder import commit, git, new_repository, write
from tests.unit.real_runs import run_really

WORKSPACE = '[tool.uv.workspace]\nmembers = ["packages/*"]\n'
MEMBER = '[project]\nname = "{name}"\n[tool.uv.sources]\n{needs}'
TRAIN = """import huldra

from lib.tools import scale


class Train(huldra.Huldra[int]):
    size: int = 3

    def _create(self) -> int:
        return scale(self.size)

    def _load(self) -> int:
        return 6


class Plain(huldra.Huldra[int]):
    size: int = 3

    def _create(self) -> int:
        return self.size

    def _load(self) -> int:
        return 3


RUNS = [Train(), Plain()]
"""
TOOLS = "from deep import FACTOR\n\n\ndef scale(x):\n    return x * FACTOR\n"
FILES = {
    "pyproject.toml": WORKSPACE,
    ".gitignore": "data-huldra/\n.huldra_cache/\n__pycache__/\n",
    "packages/app/pyproject.toml": MEMBER.format(name="app", needs="lib = { workspace = true }\n"),
    "packages/app/src/app/train.py": TRAIN,
    "packages/lib/pyproject.toml": MEMBER.format(name="lib", needs="deep = { workspace = true }\n"),
    "packages/lib/src/lib/__init__.py": "",
    "packages/lib/src/lib/tools.py": TOOLS,
    "packages/lib/tests/test_tools.py": "",
    "packages/deep/pyproject.toml": MEMBER.format(name="deep", needs=""),
    "packages/deep/deep/__init__.py": "FACTOR = 2\n",
    "packages/unused/pyproject.toml": MEMBER.format(name="unused", needs=""),
    "packages/unused/unused.py": "",
}
CURRENT = {"Train": "current", "Plain": "current"}
UNKNOWN = {"Train": "unverifiable", "Plain": "current"}
CODE = "from app.train import RUNS\n[run.load_or_create() for run in RUNS]"


def make_runs(app: Path, *installed: Path) -> None:
    run_really(app, CODE, app / "src", *installed)


@pytest.fixture
def app(tmp_path):
    """A member of a workspace with runs; it uses another member, which uses a third."""
    root = new_repository(tmp_path / "all")
    commit(root, FILES)
    make_runs(root / "packages/app", root / "packages/lib/src", root / "packages/deep")
    return root / "packages/app"


def told(snapshot):
    return {run.run.class_name.rpartition(".")[2]: run for run in snapshot.comparison.runs}


def verdicts(snapshot):
    return {name: run.verdict for name, run in told(snapshot).items()}


def look(root, *stores):
    return take_snapshot(open_workspace(root, root=root, stores=stores))


def test_what_nobody_has_changed_is_current(app):
    snapshot = look(app)
    assert verdicts(snapshot) == CURRENT
    assert {run.certainty for run in told(snapshot).values()} == {"certain"}


@pytest.mark.parametrize("name", ["lib/src/lib/tools.py", "lib/src/lib/__init__.py", "deep/deep/__init__.py"])
def test_a_result_whose_neighbour_has_changed_cannot_be_told_to_be_current(app, name):
    write(app.parent, {name: "FACTOR = 5\n"})
    snapshot = look(app)
    assert verdicts(snapshot) == UNKNOWN
    (reason,) = told(snapshot)["Train"].reasons
    inner = name.partition("/")[2]
    package = name.partition("/")[0]
    said = f"{inner} of {package} (../{package}) changed, which is not of this project: "
    assert reason.code == "code-unknown"
    assert reason.message == f"{said}`--root ../.. --store data-huldra` compares it"
    # And so it does: what nobody uses does not count there.
    exactly = "current" if name.endswith("lib/__init__.py") else "stale"
    assert verdicts(look(app.parent.parent, app / "data-huldra")) == {"Train": exactly, "Plain": "current"}


def test_it_counts_committed_or_not_and_undone_it_is_as_it_was(app):
    write(app.parent, {"lib/src/lib/tools.py": "scale = abs\n"})
    git(app, "commit", "--quiet", "--all", "--message", "another")
    assert verdicts(look(app)) == UNKNOWN
    write(app.parent, {"lib/src/lib/tools.py": TOOLS})
    assert verdicts(look(app)) == CURRENT


def test_other_line_ends_on_disk_are_no_change(app):
    tools = app.parent / "lib/src/lib/tools.py"
    tools.write_bytes(tools.read_bytes().replace(b"\n", b"\r\n"))
    assert verdicts(look(app)) == CURRENT


def test_a_project_by_another_name_is_the_same(app, tmp_path):
    (tmp_path / "link").symlink_to(app)
    write(app.parent, {"deep/deep/__init__.py": "FACTOR = 7\n"})
    assert verdicts(look(tmp_path / "link")) == UNKNOWN


@pytest.mark.parametrize("name", ["lib/tests/test_tools.py", "unused/unused.py", "lib/notes.txt"])
def test_what_is_not_imported_from_there_does_not_count(app, name):
    write(app.parent, {name: "more = 1\n"})
    assert verdicts(look(app)) == CURRENT


def test_files_that_come_and_go_count(app):
    (app.parent / "deep/deep/__init__.py").unlink()
    write(app.parent, {"deep/deep.py": "FACTOR = 2\n"})
    assert verdicts(look(app)) == UNKNOWN


def test_a_change_that_was_not_committed_was_recorded_with_the_run(app):
    write(app.parent, {"deep/deep/__init__.py": "FACTOR = 7\n", "app/src/app/train.py": TRAIN.replace("= 3", "= 4")})
    make_runs(app, app.parent / "lib/src", app.parent / "deep")
    runs = [run for run in look(app).comparison.runs if run.run.class_name == "app.train.Train"]
    assert sorted((run.run.config.get("size"), run.verdict) for run in runs) == [(3, "unverifiable"), (4, "current")]


def test_stale_code_of_the_project_itself_is_told_first(app):
    write(app.parent, {"deep/deep/__init__.py": "FACTOR = 7\n"})
    write(app, {"src/app/train.py": TRAIN.replace("return scale(self.size)", "return scale(self.size) + 1")})
    assert verdicts(look(app))["Train"] == "stale"


def test_a_library_around_its_experiments(tmp_path):
    root = new_repository(tmp_path / "lib")
    own = MEMBER.format(name="app", needs='lib = { path = "..", editable = true }\n')
    files = {"pyproject.toml": '[project]\nname = "lib"\n', "lib/__init__.py": "", "deep.py": "FACTOR = 2\n"}
    files |= {"lib/tools.py": TOOLS, "experiments/pyproject.toml": own, "experiments/app/train.py": TRAIN}
    commit(root, {**files, ".gitignore": FILES[".gitignore"]})
    app = root / "experiments"
    make_runs(app, root)
    assert verdicts(look(app)) == CURRENT
    # What lies in the project is the project's.
    write(app, {"app/other.py": "x = 1\n"})
    assert verdicts(look(app)) == CURRENT
    write(root, {"lib/tools.py": "scale = abs\n"})
    assert verdicts(look(app)) == UNKNOWN


def test_a_neighbour_in_another_repository_is_a_doubt(tmp_path):
    lib = new_repository(tmp_path / "lib")
    commit(lib, {"lib/__init__.py": "", "lib/tools.py": TOOLS, "deep.py": "FACTOR = 2\n"})
    app = new_repository(tmp_path / "app")
    needs = MEMBER.format(name="app", needs='lib = { path = "../lib" }\n')
    commit(app, {"pyproject.toml": needs, "app/train.py": TRAIN, ".gitignore": FILES[".gitignore"]})
    make_runs(app, lib)
    found = told(look(app))
    assert {name: (run.verdict, run.certainty) for name, run in found.items()} == {
        "Train": ("current", "likely"),
        "Plain": ("current", "certain"),
    }
    (note,) = (note.message for note in found["Train"].notes if note.code == "code-not-followed")
    assert "it lies in another repository" in note


def test_a_server_that_looks_about_sees_it(app):
    live = LiveProject(app)
    text = (app / "src/app/train.py").read_text()

    def state(more):
        taken = live.take_state({"src/app/train.py": text + more})
        live.finish(taken)
        return verdicts(taken.snapshot)

    assert state("") == CURRENT
    assert not live.has_other_data()
    write(app.parent, {"lib/src/lib/tools.py": "scale = abs\n"})
    assert live.has_other_data()
    assert state("# more\n") == UNKNOWN
    assert not live.has_other_data()
    write(app.parent, {"lib/src/lib/tools.py": TOOLS})
    assert live.has_other_data()
    assert state("") == CURRENT


def ask(root):
    """Ask a process of its own, whose answers are kept where they can be; two seconds after anything changed."""
    time.sleep(2.2)
    command = [sys.executable, "-m", "huldra", "runs", "--format", "json", "--root", str(root)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return {run["class"].rpartition(".")[2]: run["verdict"] for run in json.loads(done.stdout)["runs"]}


def test_no_answer_is_kept_that_it_may_change(app):
    assert ask(app) == CURRENT
    assert ask(app) == CURRENT
    write(app.parent, {"deep/deep/__init__.py": "FACTOR = 7\n"})
    assert ask(app) == UNKNOWN
