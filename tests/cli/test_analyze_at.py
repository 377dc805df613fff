"""`huldra analyze --at REV` answers as `huldra analyze` does in a checkout of that revision."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest


def _git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def checkout(toytext: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the sample with its store, whose files may be changed."""
    clone = tmp_path_factory.mktemp("at") / "clone"
    _git(toytext, "clone", "--quiet", str(toytext), str(clone))
    shutil.copytree(toytext / "data-huldra", clone / "data-huldra", symlinks=True, dirs_exist_ok=True)
    return clone


@pytest.mark.parametrize("revision", ["HEAD", "HEAD~1", "HEAD~4", "HEAD~12"])
def test_is_what_a_checkout_gives(huldra, toytext, checkout, revision):
    _git(checkout, "checkout", "--quiet", "--detach", _git(toytext, "rev-parse", revision).strip())
    words = ("--format", "json", "--store", checkout / "data-huldra")
    here = huldra("analyze", "--at", revision, "--root", toytext, *words)
    there = huldra("analyze", "--root", checkout, *words)
    assert here.code == there.code == 0
    then, checked_out = json.loads(here.out), json.loads(there.out)
    assert then["classes"]
    assert then["dirty"] is False
    assert then | {"store": ""} == checked_out | {"store": ""}


def test_paths_are_those_of_the_revision(huldra, toytext):
    """A file that is gone today can be asked for; one that came later cannot be there."""
    assert not (toytext / "toytext/gone.py").exists()
    answer = huldra("analyze", "toytext/splits.py", "--at", "HEAD~12", "--root", toytext, "--format", "json")
    assert json.loads(answer.out)["classes"] == []
    answer = huldra("analyze", "toytext/gone.py", "--at", "HEAD~12", "--root", toytext)
    assert answer.code == 2
    assert "there is no such file" in answer.err


def test_a_revision_that_is_not_there(huldra, toytext):
    answer = huldra("analyze", "--at", "nowhere", "--root", toytext)
    assert answer.code == 2
    assert "'nowhere' names no commit" in answer.err
    assert answer.out == ""


def test_without_git(huldra, tmp_path):
    (tmp_path / "pyproject.toml").write_text("")
    answer = huldra("analyze", "--at", "HEAD", "--root", tmp_path)
    assert answer.code == 2
    assert "git" in answer.err


def test_manifests_of_the_past_are_said_to_be_unread(huldra, toytext, tmp_path):
    root = tmp_path / "clone"
    _git(toytext, "clone", "--quiet", str(toytext), str(root))
    (root / "huldra.toml").write_text('manifests = ["all.json"]\n')
    (root / "all.json").write_text('{"experiments": []}\n')
    answer = huldra("analyze", "--at", "HEAD~1", "--root", root)
    assert answer.code == 0
    assert "manifests are not read as they were in git" in answer.err
    assert "manifests" not in huldra("analyze", "--at", "HEAD~1", "--root", toytext).err
