"""Modules that a run loads by a name of which a value of its config is a part: they count for runs with that value."""

import json
import subprocess
import sys
import time

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.analysis.live import LiveProject
from huldra.features.code_difference import code_differences
from huldra.features.dependents import runs_by_definition
from tests.unit.git_builder import commit, git, new_repository, write
from tests.unit.real_runs import run_really

EXPERIMENT = """import importlib
import runpy
import subprocess
import sys

import huldra

TABLE = {{"a": "lab.models.a", "b": "lab.models.b"}}


class Train(huldra.Huldra[int]):
    kind: str = "a"
    depth: int = 1

    def _create(self) -> int:
        {body}
        return 1

    def _load(self) -> int:
        return 1
"""
BODIES = {
    "an f-string": 'importlib.import_module(f"lab.models.{self.kind}").build()',
    "a sum": 'importlib.import_module("lab.models." + self.kind).build()',
    "a relative name": 'importlib.import_module(f".models.{self.kind}", __package__).build()',
    "a part in the middle": 'importlib.import_module(f"lab.models.{self.kind}.net").build()',
    "__import__": '__import__(f"lab.models.{self.kind}", fromlist=["build"]).build()',
    "a script": 'runpy.run_path(f"lab/models/{self.kind}.py")',
    "a command": 'subprocess.run([sys.executable, "-m", f"lab.models.{self.kind}"], check=True)',
    "a number": 'importlib.import_module(f"lab.models.m{self.depth}").build()',
}
MODEL = "from lab.helpers import help\n\n\ndef build():\n    return help(1)\n\n\nprint(build())\n"
FILES = {
    "pyproject.toml": "",
    ".gitignore": "data-huldra/\n.huldra_cache/\n__pycache__/\n",
    "uses.py": "from lab.exp import Train\n\nRUNS = [Train(kind=k, depth=d) for k, d in (('a', 1), ('b', 2))]\n",
    "lab/__init__.py": "",
    "lab/helpers.py": "def help(x):\n    return x\n\n\ndef unused():\n    return 1\n",
    "lab/models/__init__.py": "",
}
RUNS = "from uses import RUNS\nfor run in RUNS:\n    run.load_or_create()"
CURRENT = {"a": "current", "b": "current"}
ONE = {"a": "current", "b": "stale"}


def project_of(root, body):
    """A project whose experiment loads one of two modules, with a run of each."""
    new_repository(root)
    names = ("a/__init__", "b/__init__", "a/net", "b/net") if ".net" in body else ("a", "b")
    names = ("m1", "m2") if ".m{" in body else names
    files = {f"lab/models/{name}.py": MODEL for name in names}
    commit(root, {**FILES, **files, "lab/exp.py": EXPERIMENT.format(body=body)})
    run_really(root, RUNS)
    return root, f"lab/models/{names[-1]}.py"


def told(snapshot):
    return {run.run.config.get("kind"): run for run in snapshot.comparison.runs}


def verdicts(snapshot):
    return {kind: run.verdict for kind, run in told(snapshot).items()}


def look(root):
    return take_snapshot(open_workspace(root, root=root))


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_only_runs_with_the_value_are_stale(tmp_path, body):
    root, second = project_of(tmp_path / "project", body)
    assert verdicts(look(root)) == CURRENT
    write(root, {second: MODEL.replace("help(1)", "help(2)")})
    found = look(root)
    assert verdicts(found) == ONE
    run = told(found)["b"]
    module = second.removesuffix(".py").replace("/", ".")
    assert run.certainty == "likely"
    assert run.reasons[0].message.startswith(f"{module}.build changed, perhaps reached from lab.exp.Train._create")
    write(root, {second: MODEL, "lab/helpers.py": "def help(x):\n    return x + 1\n"})
    assert verdicts(look(root)) == {"a": "stale", "b": "stale"}
    # What none of them reaches does not count, nor what only looks otherwise.
    write(root, {second: f"# a comment\n{MODEL}", "lab/helpers.py": FILES["lab/helpers.py"].replace("1", "2")})
    assert verdicts(look(root)) == CURRENT


@pytest.mark.parametrize(
    "body",
    [
        '[importlib.import_module(f"lab.models.{k}").build() for k in ("a", "b")]',
        'for name in sorted(["b", "a"]):\n            importlib.import_module("lab.models.%s" % name)',
        'importlib.import_module(f"lab.models.{chr(ord(self.kind[0]) + 0)}").build()',
    ],
)
def test_a_value_that_a_loop_gives_is_that_of_all_runs(tmp_path, body):
    root, second = project_of(tmp_path / "project", body)
    assert verdicts(look(root)) == CURRENT
    write(root, {second: MODEL.replace("help(1)", "help(2)")})
    assert verdicts(look(root)) == ({"a": "stale", "b": "stale"} if "chr" not in body else ONE)


def test_a_value_is_also_looked_for_as_it_may_be_written_otherwise(tmp_path):
    new_repository(tmp_path / "project")
    root = tmp_path / "project"
    files = {f"lab/models/{name}.py": MODEL for name in ("a", "b")}
    body = 'importlib.import_module(f"lab.models.{self.kind.lower()}").build()'
    uses = "from lab.exp import Train\n\nRUNS = [Train(kind=k, depth=d) for k, d in (('A', 1), ('B', 2))]\n"
    commit(root, {**FILES, **files, "uses.py": uses, "lab/exp.py": EXPERIMENT.format(body=body)})
    run_really(root, RUNS)
    write(root, {"lab/models/b.py": MODEL.replace("help(1)", "help(2)")})
    assert verdicts(look(root)) == {"A": "current", "B": "stale"}


BY_NAME = {
    "a module": ("importlib.import_module(self.kind).build()", ("lab.models.a", "lab.models.b")),
    "a class path": (
        'path, _, name = self.kind.rpartition(".")\n        getattr(importlib.import_module(path), name)()',
        ("lab.models.a.build", "lab.models.b.build"),
    ),
    "an entry point": (
        'path, name = self.kind.split(":")\n        getattr(importlib.import_module(path), name)()',
        ("lab.models.a:build", "lab.models.b:build"),
    ),
    "a script": ("runpy.run_path(self.kind)", ("lab/models/a.py", "lab/models/b.py")),
    "a command": ("subprocess.run([sys.executable, self.kind], check=True)", ("lab/models/a.py", "lab/models/b.py")),
}


def project_with_names(root, body, kinds):
    """A project whose experiment loads the code that a field names, with a run of each of two names."""
    new_repository(root)
    files = {f"lab/models/{name}.py": MODEL for name in ("a", "b")}
    uses = f"from lab.exp import Train\n\nRUNS = [Train(kind=kind) for kind in {kinds!r}]\n"
    commit(root, {**FILES, **files, "uses.py": uses, "lab/exp.py": EXPERIMENT.format(body=body)})
    run_really(root, RUNS)
    return root


@pytest.mark.parametrize(("body", "kinds"), BY_NAME.values(), ids=BY_NAME)
def test_code_that_a_field_names_is_that_of_the_run(tmp_path, body, kinds):
    root = project_with_names(tmp_path / "project", body, kinds)
    nothing = dict.fromkeys(kinds, "current")
    assert verdicts(look(root)) == nothing
    before = look(root)
    assert runs_by_definition(before)["lab.models.b.build"] == (told(before)[kinds[1]].key,)
    write(root, {"lab/models/b.py": MODEL.replace("help(1)", "help(2)")})
    found = look(root)
    assert verdicts(found) == {**nothing, kinds[1]: "stale"}
    assert told(found)[kinds[1]].certainty == "likely"
    write(root, {"lab/models/b.py": MODEL, "lab/helpers.py": "def help(x):\n    return x + 1\n"})
    assert verdicts(look(root)) == dict.fromkeys(kinds, "stale")


def test_what_is_kept_follows_from_code_that_a_field_names(tmp_path):
    root = project_with_names(tmp_path / "project", *BY_NAME["a module"])

    def ask(*words):
        time.sleep(2.2)
        command = [sys.executable, "-m", "huldra", *words, "--format", "json", "--root", str(root)]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        return sorted(run["verdict"] for run in json.loads(done.stdout)["runs"])

    current, stale = ["current", "current"], ["current", "stale"]
    for words in (("analyze",), ("runs",)):
        assert [ask(*words), ask(*words)] == [current, current]
    write(root, {"lab/models/b.py": MODEL.replace("help(1)", "help(2)")})
    assert [ask("analyze"), ask("runs"), ask("analyze")] == [stale, stale, stale]


def test_two_runs_differ_in_the_code_that_their_fields_name(tmp_path):
    body, kinds = BY_NAME["a module"]
    root = project_with_names(tmp_path / "project", body, kinds)
    earlier = told(look(root))[kinds[1]].run
    commit(root, {"lab/models/b.py": MODEL.replace("help(1)", "help(2)")})
    run_really(root, "from lab.exp import Train\nTrain(kind='lab.models.b', depth=2).load_or_create()")
    found = look(root)
    later = next(each.run for each in found.comparison.runs if each.run.config.get("depth") == 2)
    (message,) = code_differences(found, earlier, later)
    assert message.startswith("lab.models.b.build changed")


def test_a_server_follows_code_that_a_field_names(tmp_path):
    body, (first, second) = BY_NAME["a class path"]
    live = LiveProject(project_with_names(tmp_path / "project", body, (first, second)))

    def state(texts):
        taken = live.take_state(texts)
        live.finish(taken)
        return verdicts(taken.snapshot)

    assert state({}) == {first: "current", second: "current"}
    assert state({"lab/models/b.py": MODEL.replace("help(1)", "help(2)")}) == {first: "current", second: "stale"}
    assert state({"lab/models/b.py": MODEL}) == {first: "current", second: "current"}


def test_a_text_that_looks_like_a_name_does_not_count_where_nothing_is_loaded(tmp_path):
    root = new_repository(tmp_path / "project")
    uses = "from lab.exp import Train\n\nRUNS = [Train(kind='lab.models.b')]\n"
    body = "print(self.kind)"
    commit(root, {**FILES, "lab/models/b.py": MODEL, "uses.py": uses, "lab/exp.py": EXPERIMENT.format(body=body)})
    run_really(root, RUNS)
    write(root, {"lab/models/b.py": MODEL.replace("help(1)", "help(2)")})
    (run,) = told(look(root)).values()
    assert (run.verdict, run.certainty) == ("current", "certain")


def test_a_module_that_is_gone(tmp_path):
    root, second = project_of(tmp_path / "project", BODIES["an f-string"])
    (root / second).unlink()
    found = look(root)
    assert verdicts(found) == ONE
    assert told(found)["b"].reasons[0].message.startswith("lab.models.b is gone, or not named any more")


def test_a_name_that_only_a_run_can_tell_leads_nowhere(tmp_path):
    root, second = project_of(
        tmp_path / "project", 'importlib.import_module(f"{self.kind}" if self.depth > 9 else "json")'
    )
    write(root, {second: MODEL.replace("help(1)", "help(2)")})
    assert verdicts(look(root)) == CURRENT
    assert told(look(root))["b"].certainty == "likely"


def test_what_a_table_names_counts_for_all(tmp_path):
    root, second = project_of(tmp_path / "project", "importlib.import_module(TABLE[self.kind]).build()")
    write(root, {second: MODEL.replace("help(1)", "help(2)")})
    assert verdicts(look(root)) == {"a": "stale", "b": "stale"}


def test_a_server_goes_on_from_state_to_state(tmp_path):
    root, second = project_of(tmp_path / "project", BODIES["an f-string"])
    live = LiveProject(root)

    def state(texts):
        taken = live.take_state(texts)
        live.finish(taken)
        return verdicts(taken.snapshot)

    assert state({}) == CURRENT
    assert state({second: MODEL.replace("help(1)", "help(2)")}) == ONE
    assert state({second: MODEL}) == CURRENT
    assert state({"lab/helpers.py": "def help(x):\n    return x + 1\n"}) == {"a": "stale", "b": "stale"}


def test_what_is_kept_is_told_apart_by_values_too(tmp_path):
    root, second = project_of(tmp_path / "project", BODIES["an f-string"])

    def ask():
        time.sleep(2.2)
        command = [sys.executable, "-m", "huldra", "runs", "--format", "json", "--root", str(root)]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        return {run["config"]["kind"]: run["verdict"] for run in json.loads(done.stdout)["runs"]}

    assert ask() == CURRENT
    assert ask() == CURRENT
    write(root, {second: MODEL.replace("help(1)", "help(2)")})
    assert ask() == ONE
    assert ask() == ONE
    git(root, "commit", "--quiet", "--all", "--message", "another")
    assert ask() == ONE
