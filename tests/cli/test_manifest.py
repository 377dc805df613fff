"""Manifests: as sites, exported and checked, and filled by recording a command."""

import json
import sys
from pathlib import Path

import pytest

LAB = """\
import enum
from datetime import datetime, timezone
from pathlib import Path

import huldra
from huldra import chz


class Split(enum.Enum):
    TRAIN = "train"
    TEST = "test"


class Base(huldra.Huldra[int]):
    def _create(self): return 1
    def _load(self): return 1


class Data(Base):
    name: str
    path: Path = Path("x")
    split: Split = Split.TRAIN


class Train(Base):
    data: Data
    extra: object = None

    def _create(self):
        return self.data.load_or_create()


class Doubled(Base):
    size: int = chz.field(munger=lambda self, value: value * 2)


DATA = Data(name="wiki", path=Path("a/b"), split=Split.TEST)
"""

VALUES = (
    *("0.5", "1", "True", "None", "'text é'", "[1, [2.0]]", "(1, (2,))", "{3, 1, 2}", "frozenset({'a'})", "b'\\x00ab'"),
    *("Path('c/../d')", "Split.TEST", "{'a': 1, 'b': [None]}", "{1: 'x', 2: 'y'}", "{'__enum__': 1}", "float('inf')"),
    *("datetime(2024, 1, 2, 3, tzinfo=timezone.utc)", "DATA", "[DATA, {'inner': DATA}]", "2**70", "1e-300", "-0.0"),
    "'half \\ud800'",
)


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text('[tool.huldra]\nmanifests = ["runs/*.json"]\n')
    (tmp_path / "lab.py").write_text(LAB)
    (tmp_path / "runs").mkdir()
    return tmp_path


def manifest(lab: Path, *entries, name="a.json"):
    (lab / "runs" / name).write_text(json.dumps({"experiments": list(entries)}, indent=1))


def analysis(huldra, lab):
    return json.loads(huldra("analyze", "--format", "json", at=lab).out)


def test_an_entry_is_a_site_like_a_call(huldra, lab):
    (lab / "runs" / "a.json").write_text(
        '[\n  {"name": "one", "tags": ["x"], "class": "lab.Data",\n   "config": {"name": "ü", "path": "p"}}\n]\n'
    )
    with (lab / "lab.py").open("a") as file:
        file.write('ONE = Data(name="ü", path=Path("p"))\n')
    found = analysis(huldra, lab)
    (experiment,) = [e for e in found["experiments"] if e["config"]["name"] == "ü"]
    kinds = [
        (site["kind"], site["file"], site["line"], site["column"], site["end_line"]) for site in experiment["sites"]
    ]
    assert kinds == [("call", "lab.py", 38, 7, 38), ("manifest", "runs/a.json", 2, 3, 3)]
    assert found["problems"] == []


@pytest.mark.parametrize("value", VALUES)
def test_what_is_exported_is_the_same_experiment(huldra, lab, value):
    with (lab / "lab.py").open("a") as file:
        file.write(f"RUN = Train(data=DATA, extra={value})\n")
    answer = huldra("manifest", "export", "Train", at=lab)
    assert (answer.code, answer.err) == (0, "")
    (lab / "runs" / "all.json").write_text(answer.out)
    (experiment,) = [e for e in analysis(huldra, lab)["experiments"] if e["class"] == "lab.Train"]
    assert {site["kind"] for site in experiment["sites"]} == {"call", "manifest"}


def test_what_would_become_another_experiment_is_left_out(huldra, lab):
    with (lab / "lab.py").open("a") as file:
        file.write("RUN = Doubled(size=1)\n")
    answer = huldra("manifest", "export", "Doubled", at=lab)
    assert json.loads(answer.out)["experiments"] == []
    assert "left out lab.Doubled/" in answer.err


def test_check_says_what_entries_are(huldra, lab):
    manifest(lab, {"name": "one", "tags": ["fast"], "class": "lab.Data", "config": {"name": "d"}})
    answer = huldra("manifest", "check", at=lab)
    assert answer.code == 0
    assert answer.out.splitlines()[0].split()[1:3] == ["one", "lab.Data"]
    assert answer.out.splitlines()[-1] == "1 entry, 0 problems"
    (entry,) = json.loads(huldra("manifest", "check", "--format", "json", at=lab).out)["entries"]
    assert (entry["name"], entry["tags"], entry["line"], entry["verdict"]) == ("one", ["fast"], 3, "missing")


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        (
            '[{"class": "lab.Dat", "config": {}}]',
            12,
            "HUL505 there is no experiment class lab.Dat; did you mean lab.Data",
        ),
        ('[{"class": "lab.Data", "config": {}}]', 2, "HUL104 Data needs name"),
        ('[{"class": "lab.Data", "config": {"nam": "x"}}]', 35, "HUL103 Data has no field 'nam'; did you mean 'name'?"),
        ('[{"class": "lab.Data", "config": {"name": 1}}]', 35, "HUL107 Data: name is annotated str, and this is 1"),
        ('[{"class": "lab.Data", "config": []}]', 34, "HUL505 `config` is an object"),
        ('[{"config": {"name": "x"}}]', 2, "HUL505 `class` is the dotted name"),
        (
            '[{"class": "lab.Data", "config": {"name": "x"}, "tag": []}]',
            49,
            "HUL505 there is no key 'tag'; did you mean 'tags'",
        ),
        (
            '[{"class": "lab.Data", "config": {"name": {"__enum__": "lab.Split:NO"}}}]',
            43,
            'HUL505 __enum__ takes a member of an enum of the project, as "lab.data.Split:TRAIN"',
        ),
        (
            '[{"class": "lab.Data", "config": {"name": {"__float__": 1.5}}}]',
            43,
            'HUL505 __float__ takes "inf", "-inf" or "nan"',
        ),
        ('{"schema_version": 2, "experiments": []}', 20, "HUL505 `schema_version` is 1: no other can be read"),
        ('[{"class": "lab.Data", "config": {"name": "x"}},]', 49, "HUL001 this is not JSON"),
        ("[1]", 2, "HUL505 an experiment is an object"),
        ("3", 1, "HUL505 a manifest is a list"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(huldra, lab, text, column, words):
    (lab / "runs" / "a.json").write_text(text)
    answer = huldra("manifest", "check", at=lab)
    assert f"runs/a.json:1:{column} {words}" in answer.out
    assert answer.code == (0 if "HUL107" in words else 1)


def test_the_same_experiment_twice_and_the_same_name_twice(huldra, lab):
    entry = {"name": "one", "class": "lab.Data", "config": {"name": "d"}}
    manifest(lab, entry, entry)
    out = huldra("manifest", "check", at=lab).out
    assert "HUL501" in out
    assert "HUL505 the name 'one' stands at line 4 already" in out


def test_no_manifest_is_no_success(huldra, lab):
    (lab / "pyproject.toml").write_text("[tool.huldra]\n")
    assert huldra("manifest", "check", at=lab).code == 2
    (lab / "pyproject.toml").write_text('[tool.huldra]\nmanifests = ["gone.json"]\n')
    answer = huldra("manifest", "check", at=lab)
    assert answer.code == 1
    assert "gone.json:1:1 HUL001 a manifest that the settings name cannot be read" in answer.out


def run_script(lab: Path, ending: str = "") -> None:
    script = "import sys\nfrom lab import *\n"
    script += "Train(data=Data(name=sys.argv[1], path=Path('p')), extra=(Split.TEST, 0.5)).load_or_create()\n"
    (lab / "run.py").write_text(script + ending)


def test_discover_takes_down_what_a_command_asks_for(huldra, lab):
    run_script(lab)
    answer = huldra("discover", "--into", "runs/found.json", "--", sys.executable, "run.py", "wiki", at=lab)
    assert answer.code == 0
    entries = json.loads((lab / "runs" / "found.json").read_text())["experiments"]
    assert [entry["class"] for entry in entries] == ["lab.Train"]
    found = analysis(huldra, lab)
    (experiment,) = [e for e in found["experiments"] if e["class"] == "lab.Train"]
    assert experiment["verdict"] == "current"
    again = huldra("discover", "--into", "runs/found.json", "--", sys.executable, "run.py", "wiki", at=lab)
    assert "0 experiments, 1 more stood in a manifest already" in again.err
    assert len(json.loads((lab / "runs" / "found.json").read_text())["experiments"]) == 1


def test_discover_knows_what_a_file_holds_that_the_settings_do_not_name(huldra, lab):
    run_script(lab)
    found = lab / "found.json"
    first = huldra("discover", "--into", "found.json", "--", sys.executable, "run.py", "wiki", at=lab)
    assert first.err.splitlines()[-1].endswith("1 experiment")
    held = found.read_text()
    again = huldra("discover", "--into", "found.json", "--", sys.executable, "run.py", "wiki", at=lab)
    assert "0 experiments, 1 more stood in a manifest already" in again.err
    assert found.read_text() == held
    # A name that another entry has is left to it.
    (entry,) = json.loads(held)["experiments"]
    found.write_text(json.dumps([{**entry, "config": {**entry["config"], "extra": None}}]))
    huldra("discover", "--into", "found.json", "--", sys.executable, "run.py", "wiki", at=lab)
    names = [entry["name"] for entry in json.loads(found.read_text())]
    assert names[0] == entry["name"]
    assert len(set(names)) == 2


def test_discover_gives_the_exit_code_of_the_command(huldra, lab):
    run_script(lab, "sys.exit(3)\n")
    answer = huldra("discover", "--", sys.executable, "run.py", "wiki", at=lab)
    assert answer.code == 3
    assert [entry["class"] for entry in json.loads(answer.out)["experiments"]] == ["lab.Train"]


def test_discover_makes_the_directory_that_it_writes_into(huldra, lab):
    run_script(lab)
    answer = huldra("discover", "--into", "new/dir/x.json", "--", sys.executable, "run.py", "wiki", at=lab)
    assert answer.code == 0
    assert (lab / "new" / "dir" / "x.json").is_file()
    (lab / "taken").write_text("")
    marked = ("discover", "--into", "taken/x.json", "--", sys.executable, "-c", "open('ran', 'w')")
    answer = huldra(*marked, at=lab)
    assert (answer.code, (lab / "ran").exists()) == (2, False)
    assert "taken/x.json cannot be written: " in answer.err


def test_what_was_recorded_is_not_lost_where_it_cannot_be_written(huldra, lab):
    run_script(lab, "import pathlib\ninto = pathlib.Path('into')\ninto.rmdir()\ninto.write_text('')\n")
    answer = huldra("discover", "--into", "into/x.json", "--", sys.executable, "run.py", "wiki", at=lab)
    assert answer.code == 2
    assert "into/x.json cannot be written" in answer.err
    assert json.loads(answer.out)["experiments"]


def test_discover_refuses_before_it_runs_anything(huldra, lab):
    (lab / "runs" / "a.json").write_text("{")
    answer = huldra("discover", "--into", "runs/a.json", "--", sys.executable, "-c", "open('ran', 'w')", at=lab)
    assert answer.code == 2
    assert not (lab / "ran").exists()
    assert huldra("discover", "--", "no-such-command-anywhere", at=lab).code == 2
