"""Experiments that are kept are those that the code builds, of every kind of value; an edit that counts is seen."""

import math
import random
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from huldra.analysis import file_table, kept_experiments
from huldra.analysis.host import open_workspace, take_snapshot
from huldra.analysis.two_states import TwoStates, staged_change
from huldra.experiments import dependents, discover
from huldra.experiments.discover import discover_with_trace
from huldra.experiments.encoding import (
    DamagedExperimentsError,
    NotEncodableError,
    decode_experiments,
    encode_experiments,
)
from huldra.experiments.frozen import Cause, Doubt, doubt_of
from huldra.experiments.model import DynamicSite, Experiment, Experiments, SiteReference
from huldra.experiments.values import ListObject, Unknown
from huldra.exports.analysis_json import analysis_json
from huldra.features.findings import find_findings
from huldra.features.picture import Known, judged_picture, whole_picture
from huldra.formats.config_values import (
    BytesValue,
    ConfigValue,
    DictValue,
    EnumValue,
    ListValue,
    MissingValue,
    ModelValue,
    PathValue,
    SetValue,
    TimeValue,
    TupleValue,
    UnhashableValue,
    Value,
)
from huldra.project.places import Place

PLACE = Place("a.py", 1, 2, 3, 4)


def holding(value: Value) -> Experiments:
    config = ConfigValue("m.C", (("x", value), ("y", None)))
    experiment = Experiment("m.C/00", config, "00", "data/m/C/00", (SiteReference(PLACE, "call", False),), ())
    doubt = Doubt("x", Cause("argv", PLACE, "sys.argv"))
    site = DynamicSite("m.C", PLACE, "call", True, (("y", value),), (doubt,))
    return Experiments({"m.C/00": experiment}, (site,), (), {("m.C", "x"): value, ("m.C", "y"): doubt})


VALUES: tuple[Value, ...] = (
    *(None, True, False, 0, 1, -1, 2**63, -(2**63), 0.0, -0.0, 1.0, math.inf, 1e-300, "", "é\n\0", "True"),
    *(EnumValue("m.E", "a", 3, True), PathValue("a/b"), ListValue((1, 1.0, True)), TupleValue(()), ListValue(())),
    *(DictValue((("a", ListValue((None,))), (1, TupleValue((2,))))), SetValue((1, 2), True), BytesValue(b"\xff\0")),
    *(ModelValue("m.M", (("a", 1),)), UnhashableValue("object"), MissingValue(), ConfigValue("m.D", (), False)),
    *(TimeValue(datetime(1, 1, 1, tzinfo=UTC)), TimeValue(datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC))),
)


def deep(depth: int) -> Value:
    value: Value = 1
    for _ in range(depth):
        value = ListValue((value,))
    return value


def exactly(value: object) -> str:
    """A text in which 1, 1.0 and True differ, and so do 0.0 and -0.0."""
    return repr(value)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_every_kind_of_value_comes_back(value: Value) -> None:
    experiments = holding(value)
    back = decode_experiments(encode_experiments(experiments))
    assert back == experiments
    assert exactly(dict(back.by_key)) == exactly(experiments.by_key)
    assert exactly(back.dynamic) == exactly(experiments.dynamic)


def test_a_number_that_is_none_comes_back() -> None:
    back = decode_experiments(encode_experiments(holding(math.nan)))
    assert "nan" in exactly(dict(back.by_key))


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1, "\ud800", deep(5_000)])
def test_what_has_no_encoding_is_said_to_have_none(value: Value) -> None:
    with pytest.raises(NotEncodableError):
        encode_experiments(holding(value))


def test_a_doubt_holds_no_value_of_the_interpreter() -> None:
    doubt = doubt_of("x", Unknown("a call", PLACE, "os.getcwd", (ListObject([]),), "m.C"))
    assert doubt == Doubt("x", Cause("a call", PLACE, "os.getcwd"))
    experiments = Experiments({}, (), (), {("m.C", "x"): doubt})
    assert decode_experiments(encode_experiments(experiments)) == experiments


@pytest.mark.parametrize("data", [b"", b"\x93", b"\x91\x00", b"\x92\x05\x01", b"\x92\xcc\xc8\x01", b"\x90", b"\x01"])
def test_damage_is_told(data: bytes) -> None:
    with pytest.raises(DamagedExperimentsError):
        decode_experiments(data)


FILES = {
    "pyproject.toml": "",
    "lab/__init__.py": "",
    "lab/model.py": "import huldra\nfrom lab.numbers import RATE\n\n"
    "class Train(huldra.Huldra[float]):\n    lr: float = RATE\n    path: str = 'a'\n\n"
    "    def _create(self):\n        return self.lr\n\n    def _load(self):\n        return 0.0\n",
    "lab/numbers.py": "RATE = 0.5\nCOUNT = 3\n",
    "uses.py": "from lab.model import Train\nfrom lab.numbers import COUNT\n\n"
    "runs = [Train(lr=i) for i in range(COUNT)]\n",
    "far.py": "import json\n",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(file_table, "_COARSEST_CLOCK_NS", 0)
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def picture(root: Path) -> str:
    return analysis_json(whole_picture(take_snapshot(open_workspace(root, root=root))))


def test_the_same_code_is_evaluated_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    monkeypatch.setattr(
        discover, "discover_with_trace", lambda *words: counted.append(1) or discover_with_trace(*words)
    )
    first = picture(project)
    assert picture(project) == first
    (project / "far.py").write_text("import json  # nobody asked for this\n")
    assert picture(project) == first
    assert len(counted) == 1
    # No experiment class is seen from this file, and yet it counts.
    (project / "lab" / "numbers.py").write_text("RATE = 0.25\nCOUNT = 2\n")
    assert picture(project) != first
    assert len(counted) == 2


def test_what_another_version_of_us_has_found_is_found_anew(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    monkeypatch.setattr(
        discover, "discover_with_trace", lambda *words: counted.append(1) or discover_with_trace(*words)
    )
    first = picture(project)
    real = kept_experiments.program_version
    monkeypatch.setattr(kept_experiments, "program_version", lambda: (*real(), "another"))
    assert picture(project) == first
    assert len(counted) == 2


def test_an_edit_of_what_was_not_run_evaluates_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    monkeypatch.setattr(
        discover, "discover_with_trace", lambda *words: counted.append(1) or discover_with_trace(*words)
    )
    first = picture(project)
    model = project / "lab" / "model.py"
    model.write_text(model.read_text().replace("return self.lr", "return self.lr * 2"))
    assert picture(project) == first
    assert len(counted) == 1
    # Now it asks for a result, so it is run.
    model.write_text(model.read_text().replace("return self.lr * 2", "return Train(lr=7.0).load_or_create()"))
    assert picture(project) != first
    assert len(counted) == 2


def test_after_an_edit_only_what_looks_into_it_is_evaluated(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    monkeypatch.setattr(
        discover, "discover_with_trace", lambda *words: counted.append(1) or discover_with_trace(*words)
    )
    for number in range(6):
        (project / f"more{number}.py").write_text(f"from lab.model import Train\n\nrun = Train(lr={number + 20})\n")
    pictures = [picture(project)]
    for number, text in enumerate(("lr={}0", "lr={}1", "lr={}1, path='b'", "lr={}2,\n    path='b'")):
        for name, lr in (("more0.py", 3), ("more1.py", 4)):
            run = f"run = Train({text.format(lr)})"
            (project / name).write_text(f"from lab.model import Train\n\n{run}\nother = {number}\n")
            pictures += [picture(project), picture(project)]
    assert counted == [1]
    assert len(set(pictures)) == 9
    shutil.rmtree(project / ".huldra_cache")
    assert picture(project) == pictures[-1]
    assert counted == [1, 1]


@pytest.mark.parametrize("seed", range(4))
def test_after_random_edits_the_picture_is_the_one_without_a_cache(
    project: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(dependents, "_LARGEST_SHARE", 100 * (seed % 2))
    chance = random.Random(seed)
    lines = (
        "from lab.model import Train\nextra = Train(lr=9.5)\n",
        "COUNT = 1\n",
        "RATE = __import__('sys').argv\n",
        "def more(n):\n    return Train(lr=n)\n",
        "def helper(n):\n    return n + 1\n",
        "# only words\n",
        "def broken(:\n",
    )
    for _ in range(12):
        name = chance.choice(sorted(FILES.keys() - {"pyproject.toml"}))
        kept = (project / name).read_text()
        in_body = kept.replace("return self.lr", "return self.lr * 2").replace("n + 1", "RATE + 2")
        (project / name).write_text(chance.choice([kept + chance.choice(lines), in_body, FILES[name]]))
        now = [picture(project), picture(project)]
        cache = project / ".huldra_cache"
        cache.rename(project.parent / f"aside{seed}")
        expected = picture(project)
        for path in sorted(cache.rglob("*"), reverse=True):
            path.unlink()
        cache.rmdir()
        (project.parent / f"aside{seed}").rename(cache)
        assert now == [expected, expected]


def test_a_staged_change_is_what_the_code_on_disk_says(project: Path) -> None:
    """The second state goes on from the first; here the disk holds the same, and is read from nothing."""
    (project / "lab" / "bad.py").write_text("import huldra\nclass Bad(huldra.Huldra[int]):\n    tags: list = []\n")
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "all")
    committed = whole_picture(take_snapshot(open_workspace(project, root=project))).problems
    assert any(problem.place.file == "lab/bad.py" for problem in committed)
    model = project / "lab" / "model.py"
    for old, new in (
        ("return self.lr", "return self.lr * 2"),
        ("return 0.0", "x = 0.0\n        return x"),
        ("path: str = 'a'", "path: str = 'b'"),
        ("return self.lr * 2", "return Train(lr=7.0).load_or_create()"),
        ("import huldra", "import huldra\n"),
    ):
        model.write_text(model.read_text().replace(old, new))
        git(project, "add", ".")
        states = staged_change(open_workspace(project, root=project))
        assert isinstance(states, TwoStates)
        before = whole_picture(states.before)
        assert before.problems == committed
        # What findings follow from is all that they see of a picture.
        for snapshot in (states.before, states.after):
            assert find_findings(snapshot, judged_picture(snapshot)) == find_findings(snapshot, whole_picture(snapshot))
        rows, built = {row.name: row for row in before.classes}, {row.experiment.key: row for row in before.experiments}
        after = whole_picture(states.after, Known(states.before, before, rows, built))
        shutil.rmtree(project / ".huldra_cache", ignore_errors=True)
        anew = whole_picture(take_snapshot(open_workspace(project, root=project)))
        assert (after.classes, after.experiments, after.problems) == (anew.classes, anew.experiments, anew.problems)


def git(root: Path, *words: str) -> None:
    names = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    subprocess.run(["git", *names, *words], cwd=root, check=True, capture_output=True)
