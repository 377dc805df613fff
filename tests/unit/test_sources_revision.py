"""Which commit the working tree is at, in odd repositories too."""

import shutil
import subprocess
from pathlib import Path

import pytest

from huldra.sources.revision import head_revision, is_dirty

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


def git(root: Path, *words: str) -> str:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *identity, *words], cwd=root, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "a.py").write_text("x = 1\n")
    git(tmp_path, "add", "a.py")
    git(tmp_path, "commit", "--quiet", "--message", "first")
    return tmp_path


def test_a_clean_repository(repository: Path) -> None:
    assert head_revision(repository) == git(repository, "rev-parse", "HEAD").strip()
    assert is_dirty(repository) is False


def test_a_changed_file_makes_it_dirty(repository: Path) -> None:
    (repository / "a.py").write_text("x = 2\n")
    assert is_dirty(repository) is True


def test_an_untracked_python_file_makes_it_dirty_and_a_store_does_not(repository: Path) -> None:
    (repository / "data-huldra").mkdir()
    (repository / "data-huldra" / "state.json").touch()
    assert is_dirty(repository) is False
    (repository / "lab").mkdir()
    (repository / "lab" / "new.py").touch()
    assert is_dirty(repository) is True


def test_a_project_below_the_repositorys_top(repository: Path) -> None:
    (repository / "inner").mkdir()
    assert head_revision(repository / "inner") == head_revision(repository)


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert head_revision(tmp_path) is None
    assert is_dirty(tmp_path) is None
    assert head_revision(tmp_path / "nothing") is None


def test_a_repository_without_a_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    assert head_revision(tmp_path) is None
    assert is_dirty(tmp_path) is False


def test_a_broken_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: nowhere\n")
    assert head_revision(tmp_path) is None
    assert is_dirty(tmp_path) is None


def test_a_bare_repository_has_no_working_tree(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare")
    assert is_dirty(tmp_path) is None


def test_no_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert head_revision(repository) is None
    assert is_dirty(repository) is None


def test_a_git_that_does_not_answer(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("git", 20)

    monkeypatch.setattr(subprocess, "run", hang)
    assert head_revision(repository) is None
    assert is_dirty(repository) is None


def test_inside_a_hook_of_another_repository(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = head_revision(repository)
    other = tmp_path_factory.mktemp("other")
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert head_revision(repository) == expected


def test_nothing_that_the_repository_configures_is_run(repository: Path) -> None:
    program = repository / "monitor"
    program.write_text(f"#!/bin/sh\ntouch {repository}/was-run\n")
    program.chmod(0o755)
    git(repository, "config", "core.fsmonitor", str(program))
    assert is_dirty(repository) is False
    assert not (repository / "was-run").exists()
