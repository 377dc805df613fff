"""`classes`, `graph`, `hash`, `doctor` and `rule`, end to end."""

import json

import pytest

from huldra.features.rules import RULES

HASH = "05c93b71b7b8b2ea1781"


def test_classes(huldra, toytext):
    answer = huldra("classes", at=toytext)
    lines = answer.out.splitlines()
    assert lines[0] == "huldra.Huldra"
    assert lines[1].startswith("└── toytext.common.Artifact [abstract]")
    assert any("toytext.evaluate.Report [git]" in line for line in lines)
    assert any("│   └── toytext.data.NoisyCorpus" in line and "toytext/data.py:" in line for line in lines)
    assert "5 experiments, 11 runs: 2 current · 9 stale" in answer.out
    assert "toytext.preprocess.LegacyStats  1 run   1 stale" in answer.out


def test_classes_json(huldra, toytext):
    data = json.loads(huldra("classes", "--format", "json", at=toytext).out)
    assert [root["name"] for root in data["roots"]] == ["huldra.Huldra"]
    assert [row["name"] for row in data["gone"]] == [
        "toytext.data.Folds",
        "toytext.evaluate.OldPlot",
        "toytext.preprocess.LegacyStats",
    ]


def test_a_class_with_two_experiment_bases_stands_below_both(huldra, lab):
    with (lab / "lab.py").open("a") as file:
        file.write(
            "class A(huldra.Huldra[int]): ...\nclass B(huldra.Huldra[int]): ...\nclass C(A, B): ...\nclass D(C): ...\n"
        )
    out = huldra("classes", at=lab).out
    assert out.count("lab.C") == 2
    assert out.count("lab.D") == 1
    assert "(shown above)" in out


def test_graph_of_classes(huldra, toytext):
    out = huldra("graph", at=toytext).out
    assert "└── evals: Evaluate" in out
    assert "OldPlot" in out
    assert "[store]" in out


def test_graph_of_experiments(huldra, toytext):
    data = json.loads(huldra("graph", "--level", "experiments", "--format", "json", at=toytext).out)
    keys = [node["key"] for node in data["nodes"]]
    assert keys == sorted(keys)
    assert len(keys) == 28 + 47 - 26  # all but the two missing ones have a run
    edges = {(edge["from"], edge["to"]): edge for edge in data["edges"]}
    assert len(edges) == len(data["edges"])
    edge = edges[f"toytext.train.LogReg/{HASH}", "toytext.tokenizer.Tokenized/b5b44c4dbfd448e48ac3"]
    assert (edge["via"], edge["source"]) == (["field data"], "both")
    assert {node["source"] for node in data["nodes"]} == {"both", "code", "store"}


@pytest.mark.parametrize(
    "focus", ["toytext.train.LogReg", "LogReg", "train.LogReg", f"LogReg/{HASH}", HASH, HASH[:6], HASH.upper()]
)
def test_focus(huldra, toytext, focus):
    words = ("graph", "--format", "json", "--level", "classes", "--focus", focus, "--depth", "1")
    data = json.loads(huldra(*words, at=toytext).out)
    assert data["focus"] == ["toytext.train.LogReg"]
    names = {node["key"] for node in data["nodes"]}
    assert {"toytext.evaluate.Evaluate", "toytext.tokenizer.Tokenized"} <= names
    assert "toytext.preprocess.Clean" not in names


def test_focus_on_a_hash_shows_experiments(huldra, toytext):
    data = json.loads(huldra("graph", "--format", "json", "--focus", HASH[:8], at=toytext).out)
    assert data["level"] == "experiments"
    assert data["focus"] == [f"toytext.train.LogReg/{HASH}"]


def test_focus_on_the_experiments_of_a_class(huldra, toytext):
    words = ("graph", "--format", "json", "--level", "experiments", "--focus", "LogReg", "--depth", "0")
    data = json.loads(huldra(*words, at=toytext).out)
    assert len(data["nodes"]) == 5


@pytest.mark.parametrize(
    ("focus", "message"),
    [
        ("LogRegs", "there is no class or experiment 'LogRegs'; did you mean toytext.train.LogReg"),
        ("Folds", "'Folds' fits more than one class: toytext.data.Folds, toytext.splits.Folds"),
        ("LogReg/00000000", "there is no class or experiment"),
        ("0000abcd", "there is no class or experiment"),
        ("LogReg/", "fits more than one experiment"),
        ("", "there is no class or experiment ''"),
    ],
)
def test_focus_that_is_nothing(huldra, toytext, focus, message):
    answer = huldra("graph", "--focus", focus, at=toytext)
    assert answer.code == 2
    assert message in answer.err


def test_a_query_as_focus(huldra, toytext):
    words = ("graph", "--focus", "is failed or config.lr > 0.15", "--depth", "0", "--format", "json")
    data = json.loads(huldra(*words, at=toytext).out)
    asked = json.loads(huldra("runs", words[2], "--format", "json", at=toytext).out)["runs"]
    assert data["level"] == "experiments"
    assert {node["key"] for node in data["nodes"]} == {f"{run['class']}/{run['hash']}" for run in asked}
    classes = json.loads(huldra(*words, "--level", "classes", at=toytext).out)
    assert {node["key"] for node in classes["nodes"]} == {run["class"] for run in asked}
    assert "\nis fialed\n   ^^^^^^\n" in huldra("graph", "--focus", "is fialed", at=toytext).err
    assert "no run answers the query" in huldra("graph", "--focus", "class == Nobody", at=toytext).err


def test_dot_and_mermaid(huldra, toytext):
    dot = huldra("graph", "--format", "dot", at=toytext).out
    assert dot.startswith("digraph huldra {\n")
    assert '"toytext.evaluate.Report" -> "toytext.evaluate.Evaluate" [label="evals", style="solid"];' in dot
    mermaid = huldra("graph", "--format", "mermaid", at=toytext).out
    assert mermaid.startswith("flowchart LR\n")
    assert '["LogReg<br/>3 current, 2 orphan"]:::orphan' in mermaid


def test_a_chain_deeper_than_a_page(huldra, lab):
    with (lab / "lab.py").open("a") as file:
        file.write(
            "class Step(huldra.Huldra[int]):\n    before: huldra.Huldra | None = None\n"
            "    def _create(self): ...\n    def _load(self): ...\n"
            "step = Step()\nfor _ in range(200):\n    step = Step(before=step)\n"
        )
    for level in ("classes", "experiments"):
        for form in ("text", "json", "dot", "mermaid"):
            assert huldra("graph", "--level", level, "--format", form, at=lab).code == 0


def test_hash(huldra, toytext):
    out = huldra("hash", "toytext/experiments.py:19", at=toytext).out
    assert out.count("toytext.train.LogReg  toytext/experiments.py:19:") == 2
    assert f"path      data/toytext/train/LogReg/{HASH}" in out
    assert "lr      0.1" in out
    assert "verdict   current" in out
    assert huldra("hash", "experiments.py:19", at=toytext / "toytext").out == out
    assert huldra("hash", "toytext/experiments.py:19", at=toytext / "toytext").out == out


def test_hash_of_a_column(huldra, toytext):
    out = huldra("hash", "toytext/experiments.py:12:20", at=toytext).out
    assert "toytext.data.Corpus" in huldra("hash", "toytext/experiments.py:12:32", at=toytext).out
    assert out.splitlines()[0].startswith("toytext.preprocess.Clean")


def test_hash_of_a_dynamic_site(huldra, lab):
    out = huldra("hash", "lab.py:19", at=lab).out
    assert "lab.Train  lab.py:19:9" in out
    assert "the hash is known only when the code runs" in out
    assert "known    lr=0.1" in out
    data = json.loads(huldra("hash", "lab.py:19", "--format", "json", at=lab).out)
    assert len(data["experiments"]) == 1
    assert data["dynamic_sites"][0]["unknown"][0]["field"] == "seed"


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("lab.py:3", "no experiment is built at lab.py:3"),
        ("lab.py:7", "defines lab.Train"),
        ("lab.py:18:999", "no experiment is built at column 999 of lab.py:18\n"),
        ("lab.py:99999", "no experiment is built"),
        ("nope.py:1", "no such file"),
        ("pyproject.toml:1", "not one of the project's Python files"),
        (".:1", "not one of the project's Python files"),
        ("/etc/passwd:1", "outside the project"),
    ],
)
def test_hash_of_nothing(huldra, lab, place, message):
    answer = huldra("hash", place, at=lab)
    assert (answer.code, answer.out) == (2, "")
    assert message in answer.err
    if place == "lab.py:3":
        assert "  lab.py:18:8   lab.Train\n  lab.py:19:9   lab.Train\n" in answer.err


def test_hash_of_a_line_with_a_problem(huldra, lab):
    with (lab / "lab.py").open("a") as file:
        file.write("Train(rate=1)\n")
    assert "HUL103 Train has no field 'rate'" in huldra("hash", "lab.py:20", at=lab).err


def test_doctor(huldra, toytext, monkeypatch):
    out = huldra("doctor", at=toytext).out
    for words in ("Python 3.", "nearest directory with pyproject.toml", "16 classes", "47 runs", "3d130f210"):
        assert words in out
    monkeypatch.setenv("HULDRA_PATH", str(toytext / "nowhere"))
    data = json.loads(huldra("doctor", "--format", "json", at=toytext).out)
    assert (data["store_rule"], data["store_status"]) == ("HULDRA_PATH", "missing")


def test_doctor_says_what_was_left_out(huldra, lab):
    (lab / "loop.py").symlink_to("loop.py")
    (lab / "gone.py").symlink_to("nowhere.py")
    (lab / "inner").mkdir()
    (lab / "inner" / ".git").mkdir()
    (lab / "lab").mkdir()
    (lab / "lab" / "__init__.py").write_text("import huldra\n")
    (lab / "pyproject.toml").write_text('[tool.huldra]\nstore = "runs"\n')
    out = huldra("doctor", at=lab).out
    for words in (
        "loop.py: the symlink leads back to itself",
        "gone.py: the symlink leads to nothing",
        "inner: a repository of its own",
        "lab.py: lab/__init__.py has the same module name",
        "settings      pyproject.toml",
        "the setting `store`",
    ):
        assert words in out


@pytest.mark.parametrize("code", RULES)
def test_rule(huldra, code):
    answer = huldra("rule", code.lower())
    assert answer.code == 0
    assert answer.out.startswith(f"{code} {RULES[code].name}\n")
    for title in ("What", "Why", "Example", "Fix"):
        assert f"\n{title}\n" in answer.out
    assert huldra("rule", RULES[code].name) == answer


def test_rule_without_a_code_lists_all(huldra):
    assert [line[:6] for line in huldra("rule").out.splitlines()] == list(RULES)


def test_codes_that_begin_alike_are_listed(huldra):
    listed = huldra("rule", "hul50").out
    assert [line.split()[0] for line in listed.splitlines()] == ["HUL501", "HUL502", "HUL503", "HUL504", "HUL505"]
    assert huldra("rule", "HUL").out == huldra("rule").out
