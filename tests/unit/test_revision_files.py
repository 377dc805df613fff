"""The code of a commit, with the changes recorded beside it: against the working tree as it was."""

import os
import warnings

import pytest

from huldra.sources.code_files import NoFilesThen
from huldra.sources.documents import TooLarge, Undecodable, Unreadable
from huldra.sources.repository import open_repository
from huldra.sources.revision_files import commit_files
from tests.unit.git_builder import commit, git, listing, new_repository, recorded_patch, texts, write

OTHER = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def project(tmp_path):
    return new_repository(tmp_path / "project")


def on_disk(place) -> dict[str, str]:
    return {str(path.relative_to(place)): path.read_bytes().decode() for path in sorted(place.rglob("*.py"))}


def test_a_commit_is_read_without_a_checkout(project, opened):
    first = commit(project, {"a.py": "x = 1\n", "pkg/b.py": "y = 1\n", "notes.txt": "no code"})
    commit(project, {"a.py": "x = 2\n", "pkg/c.py": "z = 1\n"})
    assert texts(commit_files(opened(project), first)) == {"a.py": "x = 1\n", "pkg/b.py": "y = 1\n"}
    assert on_disk(project)["a.py"] == "x = 2\n"


def test_equal_code_has_one_identity(project, opened):
    first = commit(project, {"pkg/a.py": "x = 1\n"})
    same = commit(project, {}, "nothing")
    other = commit(project, {"pkg/a.py": "x = 2\n"})
    repository = opened(project)
    identities = [commit_files(repository, name).identity for name in (first, same, other)]
    assert identities[0] == identities[1] != identities[2]


def test_names_are_relative_to_the_analysed_root(project, opened):
    made = commit(project, {"top.py": "t = 1\n", "sub/dir/a.py": "x = 1\n", "sub/dir/p/b.py": "y = 1\n"})
    assert sorted(texts(commit_files(opened(project / "sub" / "dir"), made))) == ["a.py", "p/b.py"]


def test_a_root_that_the_commit_does_not_have(project, opened):
    made = commit(project, {"a.py": "x = 1\n"})
    commit(project, {"sub/a.py": "x = 1\n"})
    answer = commit_files(opened(project / "sub"), made)
    assert (answer.code, answer.message) == ("root-not-in-commit", f"the directory sub is not in commit {made[:12]}")


def test_a_linked_worktree(project, opened, tmp_path):
    made = commit(project, {"a.py": "x = 1\n"})
    git(project, "worktree", "add", "--quiet", "--detach", str(tmp_path / "other"))
    assert texts(commit_files(opened(tmp_path / "other"), made)) == {"a.py": "x = 1\n"}


def test_odd_entries_of_a_tree(project, opened, tmp_path):
    inner = new_repository(tmp_path / "inner")
    commit(inner, {"inside.py": "no = 1\n"})
    write(project, {"real.py": "x = 1\n", "pkg/sub/deep.py": "y = 1\n", "pkg/a b.py": "z = 1\n", "pkg/ä.py": "u = 1\n"})
    (project / "pkg" / "link.py").symlink_to("sub/../../real.py")
    (project / "pkg" / "chain.py").symlink_to("link.py")
    (project / "loop.py").symlink_to("loop.py")
    (project / "outside.py").symlink_to("../../other.py")
    (project / "broken.py").symlink_to("nothing.py")
    (project / "absolute.py").symlink_to("/etc/hosts")
    bad_name = bytes(project) + b"/bad\xff.py"
    with open(bad_name, "wb") as file:  # noqa: PTH123
        file.write(b"v = 1\n")
    git(project, "submodule", "add", "--quiet", str(inner), "vendored.py")
    made = commit(project, {})
    assert texts(commit_files(opened(project), made)) == {
        "pkg/a b.py": "z = 1\n",
        "pkg/chain.py": "x = 1\n",
        "pkg/link.py": "x = 1\n",
        "pkg/sub/deep.py": "y = 1\n",
        "pkg/ä.py": "u = 1\n",
        "real.py": "x = 1\n",
        "vendored.py/inside.py": "no = 1\n",
    }


def test_text_is_read_as_from_disk(project, opened):
    made = commit(
        project,
        {
            "bom.py": b"\xef\xbb\xbfx = 1\n",
            "latin.py": "# coding: latin-1\nx = 'é'\n".encode("latin-1"),
            "crlf.py": b"x = 1\r\ny = 2\r\n",
            "bad.py": b"x = '\xff'\n",
            "empty.py": b"",
        },
    )
    then = commit_files(opened(project), made)
    assert then.read("bom.py").text == "x = 1\n"
    assert then.read("latin.py").text == "# coding: latin-1\nx = 'é'\n"
    assert then.read("crlf.py").text == "x = 1\r\ny = 2\r\n"
    assert isinstance(then.read("bad.py"), Undecodable)
    assert then.read("empty.py").text == ""
    assert then.read("crlf.py", limit=5) == TooLarge(14, 5)
    assert then.read("gone.py") == Unreadable("there was no such file", is_gone=True)


def test_a_commit_that_is_not_here(project, opened):
    commit(project, {"a.py": "x = 1\n"})
    answer = commit_files(opened(project), OTHER)
    assert answer == NoFilesThen(
        "commit-not-here", f"commit {OTHER[:12]} is not in this clone; fetch it: git fetch origin {OTHER}"
    )
    assert commit_files(opened(project), "HEAD\nx").code == "commit-not-here"
    assert commit_files(opened(project), "--all").code == "commit-not-here"


def test_a_shallow_clone(project, opened, tmp_path):
    first = commit(project, {"a.py": "x = 1\n"})
    last = commit(project, {"a.py": "x = 2\n"})
    git(tmp_path, "clone", "--quiet", "--depth", "1", project.as_uri(), "clone")
    repository = opened(tmp_path / "clone")
    answer = commit_files(repository, first)
    assert answer.code == "shallow-clone"
    assert answer.message.endswith("git fetch --unshallow")
    assert texts(commit_files(repository, last)) == {"a.py": "x = 2\n"}


def test_a_partial_clone_is_not_filled(project, opened, tmp_path):
    first = commit(project, {"a.py": "x = 1\n"})
    commit(project, {"a.py": "x = 2\n"})
    git(project, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", project.as_uri(), "clone")
    before = listing(tmp_path / "clone")
    then = commit_files(opened(tmp_path / "clone"), first)
    assert isinstance(then.read("a.py"), Unreadable)
    assert listing(tmp_path / "clone") == before


def test_a_repository_that_git_does_not_trust(project, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    answer = open_repository(project)
    assert answer.code == "no-repository"
    assert answer.message.endswith(f"trust it: git config --global --add safe.directory {project}")


def test_no_repository(tmp_path, monkeypatch):
    assert open_repository(tmp_path).code == "no-repository"
    git(tmp_path, "init", "--quiet", "--bare", "bare.git")
    assert open_repository(tmp_path / "bare.git").code == "no-repository"
    assert open_repository(tmp_path / "missing").code == "no-repository"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert open_repository(tmp_path).code == "git-missing"


def test_git_that_ended_is_started_again(project, opened):
    made = commit(project, {"a.py": "x = 1\n"})
    repository = opened(project)
    assert texts(commit_files(repository, made)) == {"a.py": "x = 1\n"}
    repository.close()
    assert texts(commit_files(repository, made)) == {"a.py": "x = 1\n"}


def test_a_forked_child_leaves_its_parent_alone(project, opened):
    made = commit(project, {"a.py": "x = 1\n"})
    repository = opened(project)
    then = commit_files(repository, made)
    parents_git = repository.objects._process  # to see that it lives on
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forking beside threads, which the runner may have
        child = os.fork()
    if child == 0:
        is_read = then.read("a.py").text == "x = 1\n"
        repository.close()
        os._exit(0 if is_read else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert parents_git.poll() is None
    assert texts(then) == {"a.py": "x = 1\n"}
    assert repository.objects._process is parents_git


def test_a_repository_with_long_ids(tmp_path, opened, monkeypatch):
    project = new_repository(tmp_path / "project", "--object-format=sha256")
    made = commit(project, {"a.py": "x = 1\n"})
    write(project, {"a.py": "x = 2\n"})
    then = commit_files(opened(project), made, recorded_patch(project, monkeypatch))
    assert (texts(then), then.doubts) == ({"a.py": "x = 2\n"}, ())
