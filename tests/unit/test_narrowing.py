"""Which runs may answer a query, told of very many without reading them: never too few, and not simply all."""

import json
from datetime import UTC, datetime

import pytest

from huldra.stored_runs.index.narrowing import possible_answers
from huldra.stored_runs.index.refresh import read_indexed
from huldra.stored_runs.query.config_truth import config_truth, reach
from huldra.stored_runs.query.expressions import Compare, ConfigField
from huldra.stored_runs.query.parse import parse_query
from huldra.stored_runs.query.planning import plan_query
from tests.unit.test_stored_runs_builder import attempt, event, make_run, metadata, state

WRITTEN = (
    *("3", "3.0", "3.000", "30e-1", "0.3E1", "-3", "33", "13", "3.5", "3.0000000000000000001", "0", "-0.0", "0.0"),
    *("0.1", "0.10", "1e-1", "0.1000000000000000055511151231257827", "0.11", "0.00001", "1e-05", "1E5", "100000"),
    *("12345678901234567890", "1e22", "10000000000000000000000", "null", "true", "false", '"3"', '"a"', '"\\u0061"'),
    *('"a\\/b"', '"tab\\t"', '"ä"', '"\\u00e4"', "[3]", '{"seed": 3}', '""'),
)
ASKED = (
    *("3", "3.0", "0", "0.1", "1e-5", "100000", "1e22", "12345678901234567890", "null", "true", "false"),
    *('"3"', "a", '"a/b"', '"tab\t"', "ä", '""', "-3"),
)


def good_run(store, number, config="1", **files):
    digest = f"{number:020x}"
    text = json.dumps(metadata()).replace('"lr": 0.1', f'"seed": {config}')
    success = {"state_json": state("success", attempt()), "metadata_json": text}
    make_run(store, digest=digest, **(success | files))


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    place = tmp_path_factory.mktemp("narrowing")
    for number, written in enumerate(WRITTEN):
        good_run(place / "store", number, written)
    return read_indexed(place / "store", place / "cache").store.runs


def possible(runs, text):
    condition = plan_query(parse_query(text, datetime.now(UTC))).rest
    return possible_answers(condition, runs, lambda run: run)


def answers(run, query):
    (part,) = query.parts
    assert isinstance(part, Compare)
    assert isinstance(part.field, ConfigField)
    found = reach(run.config_document, part.field.steps)
    return found is not None and config_truth(found[0], part.operator, part.operands, {}) is True


@pytest.mark.parametrize("asked", ASKED)
def test_every_spelling_of_a_value_is_found(runs, asked):
    query = plan_query(parse_query(f"config.seed == {asked}", datetime.now(UTC))).rest
    wanted = {run.path for run in runs if answers(run, query)}
    assert wanted <= {run.path for run in possible(runs, f"config.seed == {asked}")}


def test_a_value_under_a_key_deeper_down(tmp_path):
    good_run(tmp_path / "store", 1, '{"inner": [{"lr": 5}, {"lr": 7}]}')
    good_run(tmp_path / "store", 2, '{"inner": [{"lr": 5}, {"lr": 8}]}')
    runs = read_indexed(tmp_path / "store", tmp_path / "cache").store.runs
    assert [run.hash[-1] for run in possible(runs, "config.seed.inner[1].lr == 7")] == ["1"]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("config.lr == 3", "3"),
        ("config.lr in (3, 4)", "34"),
        ("config.lr == 3 or config.lr == 5", "35"),
        ("config.name == b", "12345"),
        ("not config.lr == 3", "12345"),
        ("result == failed", "5"),
        ("is failed", "45"),
        ("is running", "45"),
        ("created > 2026-01-03", "2"),
        ("created >= 2026-01-02", "123"),
        ("created < 2026-01-03", "13"),
        ("created == 2026-01-03", ""),
    ],
)
def test_what_is_left_to_be_asked(tmp_path, query, left):
    store = tmp_path / "store"
    late = state("success", attempt())
    late["result"]["created_at"] = "2026-01-05T00:00:00+01:00"
    good_run(store, 1, '1, "lr": 1, "name": "b"')
    good_run(store, 2, '1, "lr": 2, "name": "b"', state_json=late)
    good_run(store, 3, '1, "lr": 3, "name": "b"')
    under_way = {"state_json": state("incomplete", attempt("running")), "events_jsonl": event("attempt_started")}
    good_run(store, 4, '1, "lr": 4, "name": "b"', **under_way)
    good_run(store, 5, '1, "lr": 5, "name": "b"', state_json=state("failed", attempt("failed")))
    runs = read_indexed(store, tmp_path / "cache").store.runs
    assert "".join(run.hash[-1] for run in possible(runs, query)) == left
