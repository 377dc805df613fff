"""`huldra show`, `huldra diff` and `huldra snippet`, end to end."""

import gzip
import json
import shutil
import struct
import subprocess
import sys
import zlib
from collections import Counter
from pathlib import Path

import pytest

from huldra.features.config_difference import ABSENT, config_differences
from huldra.stored_runs.run_files import list_files, preview_file, tail_lines
from tests.unit.test_stored_runs_builder import attempt, event, make_run, metadata, state


def test_a_failed_run_in_words(huldra, toytext):
    out = huldra("show", "Diverges/c67e", at=toytext).out
    for words in (
        "toytext.train.Diverges/c67e1429d8e7431247ec  failed\n",
        "  limit  1e-06\n",
        "  toytext.tokenizer.Tokenized/b5b44c4dbfd448e48ac3  current  field data\n",
        "  attempts   2\n",
        "  ArithmeticError: weights exploded: 0.235 > 1e-06\n",
        "  experiment = toytext.train.Diverges(\n      data=toytext.tokenizer.Tokenized(\n",
        "  data  Tokenized/b5b44c4d\n",
        "attempt_finished  status failed",
    ):
        assert words in out
    assert 'source  "inputs' not in out
    deeper = huldra("show", "Diverges/c67e", "--depth", "3", at=toytext).out
    assert 'source  "inputs/reviews.txt"' in deeper


HOLDER = """import huldra


class Leaf(huldra.Huldra[int]):
    n: int = 1

    def _create(self): return 1
    def _load(self): return 1


class Holder(huldra.Huldra[int]):
    groups: dict[str, list[Leaf]]
    leaves: list[Leaf]
    plain: dict[str, int]

    def _create(self): return sum(leaf.load_or_create() for leaf in self.leaves)
    def _load(self): return 1


HOLDER = Holder(groups={"a b": [Leaf(n=2), Leaf(n=3)]}, leaves=[Leaf(n=2)], plain={"x": 1})
"""


def test_what_a_record_says_is_shown_as_it_was_written_and_is_now(huldra, lab):
    config = {"__class__": "my_project.train.Train", "name": "日本", "inner": {"__class__": "my_project.B", "ü": "é"}}
    run = make_run(
        lab / "data-huldra",
        state_json=state("incomplete", attempt("running")),
        metadata_json=metadata(huldra_obj=config),
        events_jsonl=event("noted", said={"ä": 1}),
    ).parent
    for number in range(8):
        (run / f"{number}.txt").write_text("a line\n")
    out = huldra("show", "05c9", at=lab).out
    assert '  name  "日本"\n  inner  B  ü="é"\n' in out
    assert 'noted  said {"ä": 1}' in out
    assert "latest     crashed (recorded as running) on local" in out
    assert out.count("a line") == 6
    assert "… only the first 6 are looked into" in out
    assert 'B(ü="é")' in huldra("runs", "--columns", "config.inner", at=lab).out


def test_containers_of_configs_are_collapsed_and_opened(huldra, tmp_path):
    (tmp_path / "lab.py").write_text(HOLDER)
    (tmp_path / "pyproject.toml").write_text("")
    script = "import lab; lab.HOLDER.load_or_create(); lab.Leaf(n=3).load_or_create()"
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True, capture_output=True)
    runs = json.loads(huldra("runs", "--format", "json", at=tmp_path).out)["runs"]
    short = {run["config"]["n"]: f"Leaf/{run['hash'][:8]}" for run in runs if run["class"] == "lab.Leaf"}
    (holder,) = (run["hash"] for run in runs if run["class"] == "lab.Holder")
    shut = huldra("show", f"lab.Holder/{holder}", at=tmp_path).out
    assert (
        f"config\n  groups\n    ['a b']  [{short[2]}, {short[3]}]\n  leaves  [{short[2]}]\n  plain  {{\"x\": 1}}\n"
        in shut
    )
    opened = huldra("show", f"lab.Holder/{holder}", "--depth", "1", at=tmp_path).out
    assert (
        f"  groups\n    ['a b']\n      [0]  {short[2]}\n        n  2\n      [1]  {short[3]}\n        n  3\n" in opened
    )
    assert f"  leaves\n    [0]  {short[2]}\n      n  2\n  plain" in opened


def test_parents_and_children_as_json(huldra, toytext):
    data = json.loads(huldra("show", "Evaluate/2397c8", "--format", "json", at=toytext).out)
    runs = {
        f"{r['class']}/{r['hash']}": r
        for r in json.loads(huldra("analyze", "--format", "json", at=toytext).out)["runs"]
    }
    key = "toytext.evaluate.Evaluate/2397c8239bedbb0172c3"
    assert sorted({parent["run"] for parent in data["parents"]}) == runs[key]["depends_on"]
    assert {child["run"] for child in data["children"]} == {k for k, run in runs.items() if key in run["depends_on"]}
    assert [file["name"] for file in data["files"]] == ["result.json"]
    assert data["size"] == (toytext / "data-huldra" / runs[key]["path"] / "result.json").stat().st_size
    assert data["metadata"]["commit"] == runs[key]["commit"]
    assert data["events"][0]["type"] == "attempt_started"


def test_files_that_git_tracks(huldra, toytext, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(toytext, root, symlinks=True)
    data = json.loads(huldra("show", "Evaluate/2397c8", "--format", "json", at=root).out)
    assert [(file["name"], file["tracked"]) for file in data["files"]] == [("result.json", False)]
    subprocess.run(["git", "add", "--force", data["directory"]], cwd=root, check=True, capture_output=True)
    data = json.loads(huldra("show", "Evaluate/2397c8", "--format", "json", at=root).out)
    assert [(file["name"], file["tracked"]) for file in data["files"]] == [("result.json", True)]
    out = huldra("show", "Evaluate/2397c8", at=root).out
    assert "  json  tracked by git\n" in out
    directory = Path(data["directory"])
    (directory / "result.json").write_text("{}")
    (directory / "more.txt").write_text("")
    (root / ".gitignore").write_text("*.tmp\n")
    (directory / "left.tmp").write_text("")
    data = json.loads(huldra("show", "Evaluate/2397c8", "--format", "json", at=root).out)
    states = {file["name"]: (file["git"], file["tracked"]) for file in data["files"]}
    assert states == {
        "left.tmp": ("ignored", False),
        "more.txt": ("untracked", False),
        "result.json": ("changed", True),
    }
    shown = huldra("show", "Evaluate/2397c8", at=root).out
    for words in ("  ignored by git\n", "  not tracked by git\n", "  tracked by git, changed\n"):
        assert words in shown
    assert "  root       data\n" in out


@pytest.mark.parametrize("run", ["2bd8d1", "25af5b", "ScorePlot/c6c5", "bc0a5c"])
def test_a_snippet_builds_the_very_same_hash(huldra, toytext, run):
    found = json.loads(huldra("show", run, "--format", "json", at=toytext).out)["run"]
    text = huldra("snippet", run, at=toytext).out
    if found["verdict"] == "stale" and any(reason["code"].startswith("field-") for reason in found["reasons"]):
        pytest.skip("the class has other fields today")
    program = f"{text}\nprint(experiment.huldra_dir.name)"
    done = subprocess.run([sys.executable, "-c", program], cwd=toytext, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == found["hash"]


def test_a_snippet_with_the_way_back(huldra, toytext):
    out = huldra("snippet", "c16d5f", "--exact", at=toytext).out
    assert "# Made at commit 48f17977bc31c5eb32f4cb2982e03119d8585d49" in out
    assert "git_patch" in out


def test_differences_of_two_runs(huldra, toytext):
    data = json.loads(huldra("diff", "33b456", "bafedd", "--format", "json", at=toytext).out)
    assert [row["path"] for row in data["config"]] == ["model.epochs"]
    assert data["code"] == []
    data = json.loads(huldra("diff", "bafedd", "a7c772", "--format", "json", at=toytext).out)
    assert [row["path"] for row in data["config"]] == ["threshold"]
    assert data["code"] == ["toytext.scoring.accuracy changed"]
    assert "toytext.scoring.accuracy changed" in huldra("diff", "bafedd", "a7c772", at=toytext).out


def test_nothing_is_said_of_a_difference_to_what_cannot_be_read(huldra, lab):
    store = lab / "data-huldra"
    for digest, files in (("a" * 20, {}), ("b" * 20, {"metadata_json": "garbage"}), ("c" * 20, {"state_json": "{"})):
        make_run(store, digest=digest, **{"state_json": state(), "metadata_json": metadata(), **files})
    for words in (("aaaa", "bbbb"), ("bbbb", "aaaa"), ("bbbb", "aaaa", "--format", "json")):
        answer = huldra("diff", *words, at=lab)
        assert (answer.code, answer.out) == (2, "")
        (line,) = answer.err.splitlines()
        assert f"{'b' * 20} cannot be read: " in line
        assert "metadata.json" in line
    both = huldra("diff", "bbbb", "cccc", at=lab)
    assert (both.code, both.out) == (2, "")
    assert [name in line for name, line in zip(("metadata.json", "state.json"), both.err.splitlines(), strict=True)]


def test_a_place_in_the_code_names_its_run(huldra, toytext):
    runs = json.loads(huldra("analyze", "--format", "json", at=toytext).out)["experiments"]
    stored = [e for e in runs if e["verdict"] != "missing"]
    at = Counter(f"{site['file']}:{site['line']}" for e in stored for site in e["sites"])
    place, key = next(
        (f"{s['file']}:{s['line']}", f"{e['class']}/{e['hash']}")
        for e in stored
        for s in e["sites"]
        if at[f"{s['file']}:{s['line']}"] == 1
    )
    for command in ("show", "why"):
        assert key in huldra(command, place, at=toytext).out.splitlines()[0]
    sweeps = Counter((site["file"], site["line"], site["column"]) for e in stored for site in e["sites"])
    file, line, column = next(place for place, count in sweeps.items() if count > 1)
    answer = huldra("show", f"{file}:{line}:{column}", at=toytext)
    assert answer.code == 2
    assert f"{sweeps[file, line, column]} runs are built there, name one: " in answer.err
    never = (site for e in runs if e["verdict"] == "missing" for site in e["sites"])
    missing = next(site for site in never if f"{site['file']}:{site['line']}" not in at)
    place = f"{missing['file']}:{missing['line']}"
    assert f"huldra rerun {place}" in huldra("show", place, at=toytext).err
    assert "no such file" in huldra("show", "absent.py:3", at=toytext).err
    nothing = huldra("show", f"{missing['file']}:1", at=toytext)
    assert nothing.code == 2
    assert nothing.err


def test_differences_of_configs():
    first = {"__class__": "m.A", "a": 1, "b": [1, 2], "c": {"__class__": "m.B", "x": 1}, "gone": 0}
    second = {"__class__": "m.A", "a": True, "b": [1], "c": {"__class__": "m.B", "x": 1.0}, "new": "0"}
    found = {row.path: (row.first, row.second, row.is_type_shown) for row in config_differences(first, second)}
    assert found == {
        "a": (1, True, True),
        "b[1]": (2, ABSENT, False),
        "c.x": (1, 1.0, True),
        "gone": (0, ABSENT, False),
        "new": (ABSENT, "0", False),
    }


def png(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


@pytest.mark.parametrize(
    ("name", "data", "kind", "lines"),
    [
        ("a.json", b'{"b": 1}', "json", ("{", '  "b": 1', "}")),
        ("bad.json", b"{", "json that cannot be parsed", ("{",)),
        ("a.csv", b"x,yy\n1,2\n", "table", ("x  yy", "1  2")),
        ("a.jsonl", b'{"a": 1}\n{"a": 2}\n', "json lines", ('{"a": 1}', '{"a": 2}')),
        ("a.txt", "hé\n".encode(), "text", ("hé",)),
        ("a.png", png(640, 480), "image, 640 x 480 pixels", ()),
        ("a.gif", b"GIF89a" + struct.pack("<HH", 3, 5), "image, 3 x 5 pixels", ()),
        ("a.bin", b"\x00\x01", "binary", ()),
        ("a.npz.gz", gzip.compress(b"x", mtime=0), "binary", ()),
    ],
)
def test_first_looks(tmp_path: Path, name, data, kind, lines):
    (tmp_path / name).write_bytes(data)
    found = preview_file(tmp_path / name)
    assert (found.kind, found.lines, found.is_cut) == (kind, lines, False)


def test_first_look_into_parquet(tmp_path: Path):
    duckdb = pytest.importorskip("duckdb")
    file = tmp_path / "a.parquet"
    duckdb.sql("SELECT range AS n, 'x' AS t FROM range(25)").write_parquet(str(file))
    found = preview_file(file)
    assert (found.kind, found.lines[:2], found.is_cut) == ("parquet, 25 rows, 2 columns", ("n  t", "0  x"), True)
    file.write_bytes(b"PAR1 broken")
    assert preview_file(file).kind.startswith("parquet that cannot be read")


def test_files_and_logs_are_bounded(tmp_path: Path):
    (tmp_path / ".huldra").mkdir()
    (tmp_path / ".huldra" / "state.json").write_text("{}")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.txt").write_text("12345")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = list_files(tmp_path, ".huldra")
    assert [file.name for file in found.files] == ["deep/a.txt", "loop"]
    log = tmp_path / "log"
    log.write_text("".join(f"{number}\n" for number in range(100_000)))
    assert tail_lines(log, 2) == ("99998", "99999")
    assert tail_lines(tmp_path / "none", 2) == ()
