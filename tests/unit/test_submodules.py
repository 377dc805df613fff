"""Code in submodules: part of the project, of its commits and of what a run was made with."""

import json
import shutil

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.sources.code_files import FilesThen, NoFilesThen
from huldra.sources.commit_difference import head_difference, index_difference
from huldra.sources.discover import discover_files
from huldra.sources.disk_state import disk_state
from huldra.sources.index_files import index_files
from huldra.sources.path_rows import CannotTellError
from huldra.sources.repository import open_repository
from huldra.sources.revision_files import commit_files
from huldra.sources.settings import Settings
from tests.unit.git_builder import commit, git, new_repository, write
from tests.unit.real_runs import run_really

TRAIN = """import huldra

from parts.tools import scale


class Train(huldra.Huldra[int]):
    size: int = 3

    def _create(self) -> int:
        return scale(self.size)

    def _load(self) -> int:
        return 6


TRAIN = Train()
"""
TOOLS = "def scale(x):\n    return x * 2\n"


@pytest.fixture
def project(tmp_path):
    """A project that uses a function of a submodule, `parts`."""
    parts = new_repository(tmp_path / "parts")
    commit(parts, {"tools.py": TOOLS})
    root = new_repository(tmp_path / "project")
    git(root, "submodule", "add", "--quiet", str(parts), "parts")
    commit(root, {"pyproject.toml": "", "train.py": TRAIN, ".gitignore": "data-huldra/\n__pycache__/\n"})
    return root


def texts(root, commit_name, **more):
    repository = open_repository(root)
    then = commit_files(repository, commit_name, **more)
    assert isinstance(then, FilesThen), then
    found = {name: then.read(name).text for name in then.files}
    repository.close()
    return found


def head(place):
    return git(place, "rev-parse", "HEAD")


def make(root):
    run_really(root, "import train; train.TRAIN.load_or_create()")


def forget_sources(root):
    """Leave what a library records that keeps no copies of the code."""
    for record in (root / "data-huldra").rglob("sources.json"):
        record.unlink()


def verdict(root):
    (run,) = take_snapshot(open_workspace(root, root=root)).comparison.runs
    return run.verdict, run.certainty, [reason.definition for reason in run.reasons]


CURRENT = ("current", "certain", [])
STALE = ("stale", "certain", ["parts.tools.scale"])


def test_a_submodule_is_entered_and_another_repository_is_not(project):
    new_repository(project / "clone")
    write(project, {"clone/other.py": ""})
    found = discover_files(project, Settings())
    assert found.files == ("parts/tools.py", "train.py")
    assert [problem.name for problem in found.problems] == ["clone"]


def test_a_submodule_of_a_submodule_is_entered(project, tmp_path):
    inner = new_repository(tmp_path / "inner")
    commit(inner, {"deep.py": "x = 1\n"})
    git(project / "parts", "submodule", "add", "--quiet", str(inner), "deep er")
    assert discover_files(project, Settings()).files == ("parts/deep er/deep.py", "parts/tools.py", "train.py")
    commit(project / "parts", {})
    made = commit(project, {})
    assert texts(project, made)["parts/deep er/deep.py"] == "x = 1\n"


def test_a_link_inside_is_said_to_be_one(project):
    repository = open_repository(project)
    assert not commit_files(repository, head(project)).follows_links
    (project / "parts" / "link.py").symlink_to("tools.py")
    commit(project / "parts", {})
    then = commit_files(repository, commit(project, {}))
    assert (then.follows_links, then.read("parts/link.py").text) == (True, TOOLS)
    repository.close()


def test_a_root_below_the_top_of_the_repository(project):
    git(project, "submodule", "add", "--quiet", str(project / "parts"), "lab/shared")
    made = commit(project, {"lab/a.py": ""})
    assert discover_files(project / "lab", Settings()).files == ("a.py", "shared/tools.py")
    assert sorted(texts(project / "lab", made)) == ["a.py", "shared/tools.py"]


def test_a_commit_has_the_code_that_its_submodules_were_at(project):
    before = head(project)
    inner = commit(project / "parts", {"tools.py": TOOLS.replace("2", "3")})
    after = commit(project, {})
    assert texts(project, before)["parts/tools.py"] == TOOLS
    assert texts(project, after)["parts/tools.py"] == TOOLS.replace("2", "3")
    assert texts(project, before, checked_out={"parts": inner})["parts/tools.py"] == TOOLS.replace("2", "3")
    repository = open_repository(project)
    identities = [commit_files(repository, name).identity for name in (before, after)]
    assert identities[0] != identities[1]
    repository.close()


def test_what_is_staged_has_the_commit_that_is_staged(project):
    commit(project / "parts", {"tools.py": TOOLS.replace("2", "3")})
    repository = open_repository(project)
    assert index_files(repository).read("parts/tools.py").text == TOOLS
    git(project, "add", "parts")
    assert index_files(repository).read("parts/tools.py").text == TOOLS.replace("2", "3")
    repository.close()


def test_a_submodule_that_moves_on_is_no_change_that_can_be_told_in_short(project):
    """What a hook answers in short is about files; a submodule brings many at once."""
    before = head(project)
    assert index_difference(project, before) == {}
    commit(project / "parts", {"tools.py": TOOLS.replace("2", "3")})
    git(project, "add", "parts")
    assert index_difference(project, before) is None
    commit(project, {})
    assert head_difference(project, before) is None


def test_a_commit_that_a_submodule_does_not_have(project):
    repository = open_repository(project)
    answer = commit_files(repository, head(project), checked_out={"parts": "0" * 40})
    assert isinstance(answer, NoFilesThen)
    assert answer.message.startswith("in the submodule parts: commit 000000000000 is not in this clone")
    repository.close()


def test_a_submodule_that_is_not_checked_out_has_no_code_then_or_now(project):
    git(project, "submodule", "deinit", "--quiet", "--force", "parts")
    assert discover_files(project, Settings()).files == ("train.py",)
    assert sorted(texts(project, head(project))) == ["train.py"]


def test_nothing_short_stands_for_a_disk_with_submodules(project):
    with pytest.raises(CannotTellError):
        disk_state(str(project), str(project / "data-huldra"))
    shutil.rmtree(project / "parts")
    disk_state(str(project), str(project / "data-huldra"))


@pytest.mark.parametrize("keeps_sources", [True, False])
def test_an_edit_in_a_submodule_makes_results_stale(project, keeps_sources):
    make(project)
    if not keeps_sources:
        forget_sources(project)
    assert verdict(project) == CURRENT
    tools = project / "parts" / "tools.py"
    tools.write_text(f"{TOOLS}\n\ndef unused():\n    return 1\n")
    assert verdict(project) == CURRENT
    tools.write_text(TOOLS.replace("2", "3"))
    assert verdict(project) == STALE
    commit(project / "parts", {})
    assert verdict(project) == STALE
    commit(project, {})
    assert verdict(project) == STALE
    git(project / "parts", "checkout", "--quiet", "HEAD~1")
    assert verdict(project) == CURRENT


def test_a_run_is_compared_with_what_was_checked_out_not_with_what_was_committed(project):
    """Git lists the commit of a submodule with a plus where it is not what the project's own commit says."""
    commit(project / "parts", {"tools.py": TOOLS.replace("2", "3")})
    make(project)
    forget_sources(project)
    metadata = next(project.rglob("metadata.json"))
    assert json.loads(metadata.read_text())["git_submodules"] == {"parts": f"+{head(project / 'parts')}"}
    assert verdict(project) == CURRENT
    git(project / "parts", "checkout", "--quiet", "HEAD~1")
    assert verdict(project) == STALE


def test_uncommitted_changes_inside_leave_a_doubt_unless_the_run_kept_them(project):
    tools = project / "parts" / "tools.py"
    tools.write_text(TOOLS.replace("2", "3"))
    make(project)
    assert verdict(project) == CURRENT
    forget_sources(project)
    assert verdict(project) == ("stale", "likely", ["parts.tools.scale"])
    tools.write_text(TOOLS)
    assert verdict(project)[:2] == ("current", "likely")


def test_what_changed_is_told_by_the_history_of_the_submodule(project):
    make(project)
    commit(project / "parts", {"tools.py": TOOLS.replace("2", "3")}, "three, not two")
    snapshot = take_snapshot(open_workspace(project, root=project))
    (run,) = snapshot.comparison.runs
    change = run.reasons[0].change
    last = snapshot.inputs.evidence.last_change(run.run, change)
    assert (last.commit.subject, last.is_uncommitted) == ("three, not two", False)
