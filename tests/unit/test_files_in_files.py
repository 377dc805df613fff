"""Files that other files name: parts of templates, tables of settings; in a real project with real runs."""

import subprocess
import sys

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.fingerprints.data_files import DataListing, with_named_files
from huldra.fingerprints.files_in_files import named_in
from tests.harness.code_states import closure_of
from tests.unit.git_builder import commit, new_repository, write
from tests.unit.real_runs import run_really

EXP = """import json
from pathlib import Path

import huldra


def read(name):
    text = Path("prompts", name).read_text()
    return len(text)


class Ask(huldra.Huldra[int]):
    def _create(self) -> int:
        return read("judge.j2")

    def _load(self) -> int:
        return 0


class Fit(huldra.Huldra[int]):
    setup: str

    def _create(self) -> int:
        tables = json.loads(Path(self.setup).read_text())["tables"]
        return sum(len(Path(table).read_text()) for table in tables)

    def _load(self) -> int:
        return 0


ASK, FIT = Ask(), Fit(setup="conf/small.json")
"""
RUN = "import huldra\n\n\nclass Run(huldra.Huldra[int]):\n    def _create(self) -> str:\n"
FILES = {
    "prompts/judge.j2": '{% extends "base.j2" %}\n{%- include "parts/rules.txt" -%}\n',
    "prompts/base.j2": "Judge.\n",
    "prompts/parts/rules.txt": '{% include "judge.j2" %}{% from "macros.j2" import rule %}',
    "prompts/macros.j2": "{% macro rule() %}1{% endmacro %}",
    "prompts/other.j2": "Other.\n",
    "conf/small.json": '{"tables": ["data/a.csv", "data/b.csv"], "writes": "out/c.csv"}',
    "data/a.csv": "1\n",
    "data/b.csv": "2\n",
    "data/c.csv": "3\n",
}
MAKE = "from lab.exp import ASK, FIT; ASK.load_or_create(); FIT.load_or_create()"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = new_repository(tmp_path_factory.mktemp("files_in_files") / "project")
    code = {"pyproject.toml": "", "lab/__init__.py": "", "lab/exp.py": EXP}
    commit(root, {**code, **FILES, ".gitignore": "data-huldra/\n.huldra_cache/\n__pycache__/\n"})
    run_really(root, MAKE)
    return root


@pytest.mark.parametrize(
    ("name", "stale"),
    [
        ("prompts/judge.j2", ["Ask"]),
        ("prompts/base.j2", ["Ask"]),
        ("prompts/parts/rules.txt", ["Ask"]),
        ("prompts/macros.j2", ["Ask"]),
        ("prompts/other.j2", []),
        ("conf/small.json", ["Fit"]),
        ("data/a.csv", ["Fit"]),
        ("data/b.csv", ["Fit"]),
        ("data/c.csv", []),
    ],
)
def test_which_runs_rest_on_a_file_that_a_file_names(project, name, stale):
    write(project, {name: f"{FILES[name]} "})
    try:
        comparison = take_snapshot(open_workspace(project, root=project)).comparison
        found = [run for run in comparison.runs if run.verdict == "stale"]
        assert [run.run.class_name.rpartition(".")[2] for run in found] == stale
        assert [reason.definition for run in found for reason in run.reasons] == [name] * len(stale)
        assert {run.certainty for run in found} <= {"likely"}
    finally:
        write(project, {name: FILES[name]})


def test_a_kept_answer_follows_from_such_files(project):
    def ask():
        done = subprocess.run(
            [sys.executable, "-m", "huldra", "runs", "--columns", "class,verdict", "--format", "json"],
            cwd=project,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.count('"stale"')

    assert [ask(), ask()] == [0, 0]
    for name in ("prompts/macros.j2", "data/b.csv"):
        write(project, {name: f"{FILES[name]} "})
        assert ask() == 1
        write(project, {name: FILES[name]})
        assert ask() == 0


class Saying(DataListing, frozen=True):
    """Files of which each one says what its content here is."""

    def named_in(self, name: str) -> tuple[str, ...]:
        content = self.contents.get(name)
        return named_in(name, content if isinstance(content, str) else None)


@pytest.mark.parametrize(
    ("names", "doubts"),
    [
        ([f"n{number}.csv" for number in range(200)], []),
        ([f"n{number}.csv" for number in range(201)], []),  # there are no such files
        ([*(f"n{number}.csv" for number in range(250)), "a.csv"], ["conf/many.json"]),
        ([*(f"{number}/a.csv" for number in range(250)), "data/a.csv"], ["conf/many.json"]),
    ],
)
def test_what_is_said_of_a_file_that_names_very_many(names, doubts):
    contents = {"conf/many.json": " ".join(names), "conf/a.csv": "1", "data/a.csv": "2"}
    code = {"exp.py": f"{RUN}        return open('conf/many.json').read()\n"}
    found = with_named_files(closure_of(code), Saying(contents))
    assert [doubt.file for doubt in found.doubts] == doubts


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("a.j2", '{% include "b.j2" %}{%- extends \'c.j2\' -%}{% import "d.j2" as d %}', ["b.j2", "c.j2", "d.j2"]),
        ("a.j2", '{% include ["b.j2", "c.j2"] %}', ["b.j2"]),
        ("a.j2", "{% include name %} {{ 'b.j2' }} b.j2", []),
        ("a.txt", "see b.txt", []),
        ("a.json", '{"file": "x/b.csv", "url": "https://example.org/c.csv", "n": 1.5}', ["x/b.csv"]),
        ("a.yaml", "train: data/train.csv\nmodel: !include model.yaml\n", ["data/train.csv", "model.yaml"]),
        ("a.toml", 'file = "b.csv"\ncode = "lab/exp.py"\nlock = "uv.lock"\n', ["b.csv"]),
        ("a.json", ", ".join(f'"{number}.csv"' for number in range(300)), [f"{number}.csv" for number in range(300)]),
        ("a.json", f'"{"/" * 200_000}", "b.csv", "c.d.csv-e"', ["b.csv", "c.d.csv"]),
        ("a.json", None, []),
        ("a.csv", '"b.csv" {% include "b.j2" %}', []),
    ],
)
def test_what_a_file_names(name, text, named):
    assert named_in(name, text) == tuple(named)
