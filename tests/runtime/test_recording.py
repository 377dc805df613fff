"""HULDRA_RECORD and HULDRA_DRY_RUN: what a program builds and asks for, with or without computing."""

import json

import pytest

from tests.runtime.experiments import Number

BUILD = "from tests.runtime.experiments import *\n"


@pytest.fixture
def recorded(run_python, tmp_path):
    """Run code while it is recorded; return the lines."""

    def run(code, *, exit_code=0, **environment):
        path = tmp_path / "recorded.jsonl"
        said = run_python(BUILD + code, exit_code=exit_code, HULDRA_RECORD=str(path), **environment)
        return [json.loads(line) for line in path.read_text().splitlines()], said

    return run


def test_what_is_built_and_asked_for_is_recorded(recorded):
    lines, _ = recorded("number = Number(n=41)\nnumber.load_or_create()\n")
    built, asked = [line for line in lines if line["hash"] == Number(n=41).huldra_hash]
    assert (built["event"], asked["event"]) == ("built", "asked")
    for line in (built, asked):
        assert line["class"] == "tests.runtime.experiments.Number"
        assert line["config"] == {"__class__": "tests.runtime.experiments.Number", "n": 41}
    assert (built["site"]["line"], asked["site"]["line"]) == (2, 3)
    assert asked["has_result"] is False


def test_a_config_without_a_hash_is_recorded_with_the_reason(recorded):
    lines, _ = recorded("Number(n={1, 'a'})\n")
    assert lines[-1]["hash"] is None
    assert lines[-1]["error"].startswith("IdentityTypeError")


def test_a_dry_run_computes_nothing_and_says_so_at_the_end(recorded, store):
    lines, said = recorded(
        "Number(n=1).load_or_create()\nNumber(n=2).load_or_create()\n", exit_code=1, HULDRA_DRY_RUN="1"
    )
    assert "HuldraDryRun" in said
    assert "2 runs would be computed" in said
    assert not store.exists()
    assert [line["config"]["n"] for line in lines if line["event"] == "asked"] == [1, 2]


def test_a_dry_run_goes_on_until_a_result_is_used(recorded):
    code = "a = Number(n=1).load_or_create()\nb = Number(n=2).load_or_create()\nprint(a + b)\n"
    code += "Number(n=3).load_or_create()\n"
    _, said = recorded(code, exit_code=1, HULDRA_DRY_RUN="1")
    assert said.count("2 runs would be computed") >= 1
    assert "3 runs" not in said


def test_a_dry_run_loads_what_is_there(recorded):
    Number(n=5).load_or_create()
    _, said = recorded("print(Number(n=5).load_or_create())\n", HULDRA_DRY_RUN="1")
    assert said == "5\n"
