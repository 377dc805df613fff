"""Code whose source is read (`inspect.getsource`): its comments count, those around it do not; with real runs."""

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.fingerprints.source_texts import source_in
from tests.unit.git_builder import commit, new_repository, write
from tests.unit.real_runs import run_really

EXP = """import inspect

import huldra
from lab.prompts import ask


class Run(huldra.Huldra[str]):
    def _create(self) -> str:
        return inspect.getsource(ask)

    def _load(self) -> str:
        return ""


RUN = Run()
"""
PROMPTS = """def other():
    return 2  # two


def ask():
    return 1  # one


# about the last
def last():
    return 3
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = new_repository(tmp_path_factory.mktemp("code_read_as_text") / "project")
    files = {"pyproject.toml": "", "lab/__init__.py": "", "lab/exp.py": EXP, "lab/prompts.py": PROMPTS}
    commit(root, {**files, ".gitignore": "data-huldra/\n.huldra_cache/\n__pycache__/\n"})
    run_really(root, "from lab.exp import RUN; RUN.load_or_create()")
    return root


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ("# two", "# 2", ("current", "certain")),
        ("# one", "# 1", ("stale", "likely")),
        ("# about the last", "# about what is last", ("current", "certain")),
        ("def other", "# moved down\ndef other", ("current", "certain")),
    ],
)
def test_which_comments_count(project, old, new, verdict):
    write(project, {"lab/prompts.py": PROMPTS.replace(old, new)})
    try:
        (run,) = take_snapshot(open_workspace(project, root=project)).comparison.runs
        assert (run.verdict, run.certainty) == verdict
    finally:
        write(project, {"lab/prompts.py": PROMPTS})


TEXT = """# top
class A:
    def f(self):
        def g(): pass
        return 1  # of A


class B:
    # of B
    async def f(self):
        return 2


def f():
    return 3
"""


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("", TEXT),
        ("f", "def f():\n    return 3\n"),
        ("A.f", "    def f(self):\n        def g(): pass\n        return 1  # of A\n"),
        ("B.f", "    async def f(self):\n        return 2\n"),
        ("B", "class B:\n    # of B\n    async def f(self):\n        return 2\n"),
    ],
)
def test_the_text_of_a_definition(name, source):
    assert source_in(TEXT, name) == source
