"""The hooks, under the real pre-commit, in a repository of their own.

They run as `language: system`: the environment that pre-commit would build is this very package and what it needs, and
building it would ask the network.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures.demo import unpack
from tests.cli.test_check import HELPER, edit
from tests.unit.git_builder import ENVIRONMENT, git

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
PRE_COMMIT = [sys.executable, "-m", "pre_commit"]


def run(project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in ENVIRONMENT.items() if name not in {"HULDRA_PATH", "PRE_COMMIT"}}
    environment |= {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "PRE_COMMIT_HOME": str(project.parent / "home"),
        "PRE_COMMIT_COLOR": "never",
    }
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def hooks() -> str:
    """The manifest as a local repository of hooks."""
    read = "from pre_commit.clientlib import load_manifest"
    script = f"import json, sys; {read}; print(json.dumps(load_manifest(sys.argv[1])))"
    said = subprocess.run([sys.executable, "-c", script, str(MANIFEST)], capture_output=True, text=True, check=True)
    loaded = json.loads(said.stdout)
    assert [hook["id"] for hook in loaded] == ["huldra-check", "huldra-stale", "huldra-stale-push"]
    local = [{**hook, "language": "system"} for hook in loaded]
    return json.dumps({"repos": [{"repo": "local", "hooks": local}]})


@pytest.fixture
def project(tmp_path: Path, hooks: str) -> Path:
    """The sample project with the hooks installed, its remote at HEAD."""
    unpack(tmp_path / "toytext")
    project = tmp_path / "toytext"
    git(tmp_path, "init", "--quiet", "--bare", "remote.git")
    git(project, "remote", "set-url", "origin", str(tmp_path / "remote.git"))
    branch = git(project, "symbolic-ref", "--short", "HEAD")
    git(project, "push", "--quiet", "--set-upstream", "origin", branch)
    (project / ".git/info/exclude").write_text(".pre-commit-config.yaml\ndata-huldra\n.huldra_cache\n")
    (project / ".pre-commit-config.yaml").write_text(hooks)
    done = run(project, *PRE_COMMIT, "install", "--hook-type", "pre-commit", "--hook-type", "pre-push")
    assert done.returncode == 0, done.stderr
    return project


def test_a_commit_that_makes_runs_stale_is_told_of_and_made_and_its_push_is_not(project):
    edit(project)
    done = run(project, "git", "commit", "-am", "casefold")
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "stored runs stale" in said
    assert f"{HELPER}:15:1: HUL201" in said
    pushed = run(project, "git", "push", "origin", "HEAD")
    said = pushed.stdout + pushed.stderr
    assert pushed.returncode != 0, said
    assert "stored runs stale" in said
    assert run(project, "huldra", "accept", "Clean", "--reason", "all ASCII").returncode == 0
    pushed = run(project, "git", "push", "origin", "HEAD")
    assert pushed.returncode == 0, pushed.stdout + pushed.stderr


def test_what_is_not_staged_is_not_judged(project):
    edit(project)
    (project / "notes.py").write_text("x = 1\n")
    git(project, "add", "notes.py")
    done = run(project, "git", "commit", "-m", "notes")
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "This change makes nothing stale that is stored." in said
    assert git(project, "diff", "--name-only") == HELPER, "the edit is still there"


def test_new_problems_fail_the_commit(project):
    (project / "toytext/more.py").write_text("from toytext.data import Corpus\n\nbad = Corpus(no_such_field=1)\n")
    git(project, "add", ".")
    done = run(project, "git", "commit", "-m", "bad")
    assert done.returncode == 1
    assert "toytext/more.py:3:14: HUL103" in done.stdout + done.stderr
