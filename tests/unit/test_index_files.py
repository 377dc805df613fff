"""The staged code and the code of a named revision."""

import os
import subprocess
import sys

import pytest

from huldra.sources.code_files import NoFilesThen
from huldra.sources.index_files import index_files
from huldra.sources.repository import open_repository
from huldra.sources.revision_files import commit_files, revision_files
from tests.unit.git_builder import commit, git, listing, new_repository, write


@pytest.fixture
def project(tmp_path):
    return new_repository(tmp_path / "project")


def texts(then) -> dict[str, str]:
    assert not isinstance(then, NoFilesThen), then
    return {name: then.read(name).text for name in then.files}


def test_the_index_is_neither_the_commit_nor_the_disk(project):
    commit(project, {"a.py": "x = 1\n", "b.py": "y = 1\n", "gone.py": "z = 1\n"})
    write(project, {"a.py": "x = 2\n", "new.py": "", "notes.txt": "no"})
    git(project, "rm", "--quiet", "gone.py")
    git(project, "add", ".")
    write(project, {"a.py": "x = 3\n", "untracked.py": "u = 1\n", "b.py": "y = 3\n"})
    before = listing(project)
    then = index_files(open_repository(project))
    assert (texts(then), then.doubts) == ({"a.py": "x = 2\n", "b.py": "y = 1\n", "new.py": ""}, ())
    assert listing(project) == before


def test_the_index_below_a_root_of_its_own(project):
    write(project, {"top.py": "t = 1\n", "sub/a.py": "x = 1\n", "sub/pkg/b.py": "y = 1\n", "sub/pkg/ü ü.py": ""})
    (project / "sub" / "link.py").symlink_to("pkg/b.py")
    (project / "sub" / "out.py").symlink_to("../top.py")
    git(project, "add", ".")
    expected = {"a.py": "x = 1\n", "link.py": "y = 1\n", "pkg/b.py": "y = 1\n", "pkg/ü ü.py": ""}
    assert texts(index_files(open_repository(project / "sub"))) == expected


def test_a_file_that_is_only_announced(project):
    commit(project, {"sub/a.py": "x = 1\n", "sub/empty.py": ""})
    write(project, {"sub/announced.py": "n = 1\n", "sub/staged_empty.py": ""})
    git(project, "add", "--intent-to-add", "sub/announced.py")
    git(project, "add", "sub/staged_empty.py")
    expected = ["a.py", "empty.py", "staged_empty.py"]
    assert sorted(index_files(open_repository(project / "sub")).files) == expected


def test_a_merge_that_is_not_settled(project):
    commit(project, {"a.py": "x = 0\n"})
    git(project, "checkout", "--quiet", "-b", "side")
    commit(project, {"a.py": "x = 1\n"})
    git(project, "checkout", "--quiet", "main")
    commit(project, {"a.py": "x = 2\n"})
    with pytest.raises(subprocess.CalledProcessError):
        git(project, "merge", "side")
    then = index_files(open_repository(project))
    assert (texts(then), then.doubts) == ({"a.py": "x = 2\n"}, ("a.py is being merged: our side of it was read",))


def test_a_damaged_index(project):
    commit(project, {"a.py": "x = 0\n"})
    (project / ".git" / "index").write_bytes(b"no index at all, but long enough to be looked at by git")
    answer = index_files(open_repository(project))
    assert (answer.code, answer.message.startswith("the index cannot be read: ")) == ("git-failed", True)


HOOK = """#!{python}
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from huldra.sources.index_files import index_files
from huldra.sources.repository import open_repository
then = index_files(open_repository(Path.cwd()))
Path({answer!r}).write_text("".join(then.read(name).text for name in then.files))
"""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), "x = 2\ny = 1\n"),
        (("--all",), "x = 2\ny = 2\n"),
        (("--only", "b.py"), "x = 1\ny = 2\n"),
    ],
)
def test_a_hook_reads_the_index_that_will_be_committed(project, tmp_path, words, expected):
    commit(project, {"a.py": "x = 1\n", "b.py": "y = 1\n"})
    answer = tmp_path / "answer"
    hook = project / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    path = [os.path.abspath(part) for part in sys.path]  # noqa: PTH100
    hook.write_text(HOOK.format(python=sys.executable, path=path, answer=str(answer)))
    hook.chmod(0o755)
    write(project, {"a.py": "x = 2\n", "b.py": "y = 2\n"})
    git(project, "add", "a.py")
    git(project, "commit", "--quiet", "-m", "by a hook", *words)
    assert answer.read_text() == expected
    assert texts(revision_files(open_repository(project), "HEAD")) == {
        "a.py": expected.splitlines(keepends=True)[0],
        "b.py": expected.splitlines(keepends=True)[1],
    }


def test_the_index_of_another_repository_is_not_taken(project, tmp_path, monkeypatch):
    commit(project, {"a.py": "x = 1\n"})
    other = new_repository(tmp_path / "other")
    commit(other, {"b.py": "y = 1\n"})
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert texts(index_files(open_repository(project))) == {"a.py": "x = 1\n"}


def test_a_named_revision(project):
    first = commit(project, {"a.py": "x = 1\n"})
    git(project, "tag", "-a", "v1", "-m", "first")
    commit(project, {"a.py": "x = 2\n"})
    repository = open_repository(project)
    for name in ("v1", "HEAD~1", first[:8], first, "main^"):
        assert revision_files(repository, name) == commit_files(repository, first)
    for name in ("nothing", "--all", "-n1", "HEAD:a.py", "main..v1", "", "x\ny", "a\0b"):
        assert revision_files(repository, name).code == "revision-unknown", name


def test_a_revision_before_the_first_commit(project):
    assert revision_files(open_repository(project), "HEAD").code == "revision-unknown"
    assert texts(index_files(open_repository(project))) == {}
