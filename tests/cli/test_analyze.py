"""`huldra analyze` end to end on the sample project and on a small one."""

import json
from pathlib import Path

import pytest


def analysis(huldra, *words, at):
    answer = huldra("analyze", "--format", "json", *words, at=at)
    assert answer.code == 0
    return json.loads(answer.out)


def test_the_sample_as_text(huldra, toytext):
    out = huldra("analyze", at=toytext).out
    for words in (
        "toytext · 16 classes · 28 experiments in code · 47 runs in data-huldra · at 3d130f210\n",
        "toytext.data.Folds (not in code)",
        "field-added  field 'threshold' was added; its default 0.0 fills the gap  toytext/evaluate.py:",
        "ArithmeticError: weights exploded: 0.235 > 1e-06",
        "toytext.preprocess.LegacyStats is not in the code any more",
        "Missing 2",
        "code-changed  toytext.scoring.accuracy changed, reached from toytext.evaluate.Evaluate._create  toytext/",
        "\nNext: `huldra ",
    ):
        assert words in out


def test_the_sample_as_json(huldra, toytext):
    data = analysis(huldra, at=toytext)
    assert data["schema_version"] == 1
    assert data["revision"] == "3d130f2100123ff11d59e9b10a4c5e547f655962"
    assert data["dirty"] is False
    assert (len(data["classes"]), len(data["experiments"]), len(data["runs"])) == (16, 28, 47)
    assert data["problems"] == []
    assert data["dynamic_sites"] == []
    keys = [f"{e['class']}/{e['hash']}" for e in data["experiments"]]
    assert keys == sorted(keys)
    assert [c["name"] for c in data["classes"]] == sorted(c["name"] for c in data["classes"])
    assert [r["path"] for r in data["runs"]] == sorted(r["path"] for r in data["runs"])


def test_the_same_input_gives_the_same_bytes(huldra, toytext):
    first = huldra("analyze", "--format", "json", at=toytext)
    assert huldra("analyze", "--format", "json", at=toytext) == first
    assert huldra("analyze", "--format", "json", at=toytext / "toytext").out == first.out


def test_paths_restrict(huldra, toytext):
    data = analysis(huldra, "toytext/train.py", at=toytext)
    names = {"TrainBase", "LogReg", "Averaged", "Diverges", "Endless"}
    assert {c["name"].rpartition(".")[2] for c in data["classes"]} == names
    assert {r["class"] for r in data["runs"]} == {f"toytext.train.{name}" for name in names - {"TrainBase"}}
    assert {e["from"] for e in data["edges"]["classes"]} <= {c["name"] for c in data["classes"]}
    moved = analysis(huldra, "toytext/data.py", at=toytext)
    assert "toytext.data.Folds" in {r["class"] for r in moved["runs"]}
    assert analysis(huldra, ".", at=toytext) == analysis(huldra, at=toytext)
    assert analysis(huldra, "experiments.py", "../run.py", at=toytext / "toytext")["experiments"]


@pytest.mark.parametrize(
    ("path", "message"), [("no/such.py", "there is no such file"), ("/", "outside the project"), ("a\0b", "a")]
)
def test_paths_that_cannot_be(huldra, lab, path, message):
    answer = huldra("analyze", path, at=lab)
    assert answer.code == 2
    assert message in answer.err
    assert answer.out == ""


def test_a_small_project(huldra, lab):
    out = huldra("analyze", at=lab).out
    assert "No store found at data-huldra: set --store or HULDRA_PATH" in out
    assert "Missing 2" in out
    assert "Dynamic sites 1" in out
    assert "known    lr=0.1" in out
    assert "unknown  seed: " in out
    assert "lab.py:19" in out


def broken(lab):
    with (lab / "lab.py").open("a") as file:
        file.write("Train(rate=1)\nTrain(lr=)\n")


def codes(data):
    return [problem["code"] for problem in data["problems"]]


def test_select_and_ignore(huldra, lab):
    broken(lab)
    assert codes(analysis(huldra, at=lab)) == ["HUL504", "HUL103", "HUL001"]
    assert codes(analysis(huldra, "--select", "HUL0", at=lab)) == ["HUL001"]
    assert codes(analysis(huldra, "--select", "hul0,HUL1", at=lab)) == ["HUL103", "HUL001"]
    assert codes(analysis(huldra, "--ignore", "HUL1", at=lab)) == ["HUL504", "HUL001"]
    assert codes(analysis(huldra, "--select", "HUL", "--ignore", "HUL001", at=lab)) == ["HUL504", "HUL103"]
    assert codes(analysis(huldra, "--ignore", "HUL", "--select", "HUL103", at=lab)) == ["HUL103"]
    (lab / "pyproject.toml").write_text('[tool.huldra]\nignore = ["HUL103"]\n')
    assert codes(analysis(huldra, at=lab)) == ["HUL504", "HUL001"]
    assert codes(analysis(huldra, "--ignore", "HUL001", at=lab)) == ["HUL504", "HUL103"]
    (lab / "pyproject.toml").write_text('[tool.huldra.per-file-ignores]\n"lab.py" = ["HUL1"]\n')
    assert codes(analysis(huldra, at=lab)) == ["HUL504", "HUL001"]


def test_an_unknown_code_names_the_nearest(huldra, lab):
    answer = huldra("analyze", "--select", "HUL10,HUl004x", at=lab)
    assert answer.code == 2
    assert "there is no problem code 'HUL004X'; did you mean HUL004" in answer.err
    assert huldra("analyze", "--ignore", "XYZ", at=lab).err == (
        "huldra: there is no problem code 'XYZ'; `huldra rule` lists them\n"
    )


@pytest.mark.parametrize("command", ["analyze", "check"])
@pytest.mark.parametrize("key", ["select", "ignore", 'per-file-ignores."lab.py"'])
def test_an_unknown_code_of_the_settings_is_said_with_its_place(huldra, lab, command, key):
    (lab / "pyproject.toml").write_text(f'[tool.huldra]\nstore = "runs"\n{key} = ["HUL1", "HUL77"]\n')
    answer = huldra(command, at=lab)
    assert answer.code == 2
    assert answer.err.startswith(f"{lab}/pyproject.toml:3: there is no problem code 'HUL77'; did you mean HUL")
    assert answer.err.endswith("? `huldra rule` lists them\n")
    (lab / "pyproject.toml").unlink()
    (lab / "huldra.toml").write_text(f'{key} = ["HUL77"]\n')
    assert huldra(command, at=lab).err.startswith(f"{lab}/huldra.toml:1: there is no problem code")


def test_problems_as_compilers_say_them(huldra, lab):
    broken(lab)
    out = huldra("analyze", at=lab).out
    assert "  lab.py:20:" in out
    assert " HUL103 Train has no field 'rate'\n" in out
    assert "Next: fix HUL103 at lab.py:20 first" in out


def test_long_lists_are_folded_unless_v(huldra, lab):
    with (lab / "lab.py").open("a") as file:
        file.write("many = [Train(seed=n) for n in range(1, 41)]\n")
    out = huldra("analyze", at=lab).out
    assert "… and 34 more (-v shows all)" in out
    assert "more (-v" not in huldra("analyze", "-v", at=lab).out


def test_a_long_dynamic_list(huldra, lab):
    with (lab / "lab.py").open("a") as file:
        file.writelines(f"Train(lr=float(os.environ['LR{n}']))\n" for n in range(12))
    assert "… and 5 more" in huldra("analyze", at=lab).out


def test_a_store_that_code_sets_is_named_where_there_are_no_runs(huldra, tmp_path: Path):
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "lab.py").write_text(
        "from pathlib import Path\nimport huldra\n\n"
        "class Train(huldra.Huldra[int]):\n"
        "    def _create(self) -> int:\n        return 1\n"
        "    def _load(self) -> int:\n        return 1\n"
    )
    (tmp_path / "run.py").write_text(
        "from pathlib import Path\nimport huldra\nfrom lab import Train\n\n"
        "def main() -> None:\n"
        "    huldra.set_huldra_root(Path(__file__).parent / 'kept')\n"
        "    Train().load_or_create()\n\n"
        "main()\n"
    )
    words = "No store found at data-huldra, but run.py:6 sets it to kept: set --store or HULDRA_PATH."
    answer = huldra("analyze", at=tmp_path)
    assert words in answer.out
    assert 'Next: if that is the one, say so for good: `store = "kept"` under [tool.huldra].' in answer.out
    for command in (("check",), ("runs",), ("doctor",), ("classes",), ("analyze", "--format", "json")):
        answer = huldra(*command, at=tmp_path)
        assert words in answer.out + answer.err


def test_a_part_of_the_code_knows_what_stands_in_the_rest(huldra, lab):
    (lab / "runs.py").write_text("from lab import Train\n\nlast = Train(lr=0.7)\n")
    out = huldra("analyze", "runs.py", at=lab).out
    assert "  lab.Train            1     ·        1\n" in out
    assert "not in code" not in out


def test_import_roots_that_hold_nothing_are_named(huldra, lab):
    (lab / "pyproject.toml").write_text('[tool.huldra]\nsrc = ["sorce", "."]\n')
    said = "sorce, which the setting `src` names, holds no Python file; imports do not begin there\n"
    assert huldra("analyze", at=lab).err == said
    assert huldra("analyze", "-q", at=lab).err == ""
