"""The JSON Schemas in docs/schema are those of the code, and every JSON output is valid against its own."""

import json
import sys
from pathlib import Path

import jsonschema
import pytest

from huldra.exports.schemas import DOCUMENTS, schema_text

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schema"
COMMANDS = {
    "analysis": ("analyze",),
    "check": ("check", "--select", "HUL1"),
    "classes": ("classes",),
    "doctor": ("doctor",),
    "graph": ("graph", "--level", "experiments"),
    "hash": ("hash", "lab.py:19"),
    "runs": ("runs",),
    "rerun": ("rerun", "lab.py:19", "--dry-run", "--python", sys.executable),
}


def schema(name):
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_schema_is_current(name):
    written = (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(name), "run `make schema`"
    jsonschema.Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("name", COMMANDS)
def test_output_of_a_small_project(huldra, lab, name):
    first = huldra(*COMMANDS[name], "--format", "json", at=lab)
    assert first.code == 0
    jsonschema.validate(json.loads(first.out), schema(name))
    assert huldra(*COMMANDS[name], "--format", "json", at=lab) == first


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("analysis", ("analyze",)),
        ("analysis", ("analyze", "toytext/train.py", "--select", "HUL1")),
        ("check", ("check", "--exit-zero")),
        ("check", ("check", "--exit-zero", "--since", "HEAD~3")),
        ("classes", ("classes",)),
        ("doctor", ("doctor",)),
        ("graph", ("graph",)),
        ("graph", ("graph", "--level", "experiments")),
        ("graph", ("graph", "--focus", "Evaluate", "--depth", "1")),
        ("hash", ("hash", "toytext/experiments.py:19")),
        ("new", ("new", "LogReg", "data=train_ids", "lr=1,2", "--dry-run")),
        ("runs", ("runs", "is stale", "--group", "class")),
        ("runs", ("runs", "--columns", "hash,config.lr")),
        ("why", ("why", "Report/32c188")),
        ("show", ("show", "Diverges/c67e")),
        ("diff", ("diff", "2bd8d1", "734385")),
        ("why", ("why", "c16d5f")),
    ],
)
def test_output_of_the_sample(huldra, toytext, name, words):
    first = huldra(*words, "--format", "json", at=toytext)
    assert first.code == 0
    jsonschema.validate(json.loads(first.out), schema(name))
    assert huldra(*words, "--format", "json", at=toytext) == first


@pytest.mark.parametrize("name", ["analysis", "check", "classes", "doctor", "graph"])
def test_output_of_nothing(huldra, tmp_path, name):
    answer = huldra(*COMMANDS[name], "--format", "json", at=tmp_path)
    assert answer.code == 0
    jsonschema.validate(json.loads(answer.out), schema(name))
