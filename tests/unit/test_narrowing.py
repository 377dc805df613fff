"""Which runs may answer a query, told of very many without reading them: never too few, and not simply all."""

import json
from datetime import UTC, datetime

import pytest

from huldra.features.kept_rows import KeptRun
from huldra.features.run_rows import RunRow, Surroundings
from huldra.stored_runs.index.narrowing import possible_answers
from huldra.stored_runs.index.refresh import read_indexed
from huldra.stored_runs.liveness import Present
from huldra.stored_runs.query.config_truth import config_truth, reach
from huldra.stored_runs.query.evaluate import matches
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


@pytest.fixture(scope="module")
def lone_runs(tmp_path_factory):
    """Each in a store of its own, where no other run is written oddly."""
    place = tmp_path_factory.mktemp("lone")
    for number, written in enumerate(WRITTEN):
        good_run(place / str(number), number, written)
    return [read_indexed(place / str(number), place / f"cache{number}").store.runs[0] for number in range(len(WRITTEN))]


def possible(runs, text):
    condition = plan_query(parse_query(text, datetime.now(UTC))).rest
    return [run for run, _ in possible_answers(condition, runs, lambda run: run)]


def sure(runs, text):
    condition = plan_query(parse_query(text, datetime.now(UTC))).rest
    return [run for run, is_sure in possible_answers(condition, runs, lambda run: run) if is_sure]


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


@pytest.mark.parametrize("asked", ASKED)
def test_every_spelling_of_a_value_is_found_where_all_are_plain(lone_runs, asked):
    query = plan_query(parse_query(f"config.seed == {asked}", datetime.now(UTC))).rest
    wanted = {run.path for run in lone_runs if answers(run, query)}
    found = {run.path for run in lone_runs if possible([run], f"config.seed == {asked}")}
    assert wanted <= found
    assert {run.segment.is_plain for run in lone_runs} == {True, False}


def test_a_value_under_a_key_deeper_down(tmp_path):
    good_run(tmp_path / "store", 1, '{"inner": [{"lr": 5}, {"lr": 7}]}')
    good_run(tmp_path / "store", 2, '{"inner": [{"lr": 5}, {"lr": 8}]}')
    runs = read_indexed(tmp_path / "store", tmp_path / "cache").store.runs
    assert [run.hash[-1] for run in possible(runs, "config.seed.inner[1].lr == 7")] == ["1"]


@pytest.fixture(scope="module")
def few_runs(tmp_path_factory):
    place = tmp_path_factory.mktemp("few")
    store = place / "store"
    late = state("success", attempt())
    late["result"]["created_at"] = "2026-01-05T00:00:00+01:00"
    good_run(store, 1, '1, "lr": 1, "name": "b"')
    good_run(store, 2, '1, "lr": 2, "name": "b"', state_json=late)
    good_run(store, 3, '1, "lr": 3, "name": "b"')
    under_way = {"state_json": state("incomplete", attempt("running")), "events_jsonl": event("attempt_started")}
    good_run(store, 4, '1, "lr": 4, "name": "b"', **under_way)
    good_run(store, 5, '1, "lr": 5, "name": "b"', state_json=state("failed", attempt("failed")))
    return read_indexed(store, place / "cache").store.runs


MADE = "2026-01-02T03:05:16+00:00"
QUERIES = [  # with the runs that are left to be asked, and those that need not even be asked
    ("", "12345", "12345"),
    ("config.lr == 3", "3", ""),
    ("config.lr in (3, 4)", "34", ""),
    ("config.lr == 3 or config.lr == 5", "35", ""),
    ("config.name == b", "12345", ""),
    ("not config.lr == 3", "12345", ""),
    ("result == failed", "5", "5"),
    ("result in (failed, unreadable)", "12345", ""),
    ("is failed", "45", "5"),
    ("is running", "45", ""),
    ("verdict in (failed, running)", "45", "5"),
    ("created > 2026-01-03", "2", "2"),
    ("created > 2026-01-04", "", ""),
    ("created >= 2026-01-02", "123", "123"),
    ("created >= 2026-01-04", "2", "2"),
    ("created < 2026-01-03", "13", "13"),
    ("created <= 2026-01-04", "123", "123"),
    ("created <= 2026-01-03", "13", "13"),
    ("created == 2026-01-03", "", ""),
    ("created == 2026-01-02", "13", "13"),
    ("created != 2026-01-02", "12345", ""),
    (f"created > {MADE}", "2", "2"),
    (f"created >= {MADE}", "123", "123"),
    (f"created < {MADE}", "", ""),
    (f"created <= {MADE}", "13", "13"),
    ("created < 2026-01-03 or result == failed", "135", "135"),
    ("created < 2026-01-03 or user == anna", "12345", ""),
    ("created >= 2026-01-02 and result == success", "123", "123"),
    ("result == failed and config.lr == 5", "5", ""),
]


@pytest.mark.parametrize(("query", "left", "certain"), QUERIES)
def test_what_is_left_to_be_asked(few_runs, query, left, certain):
    assert "".join(run.hash[-1] for run in possible(few_runs, query)) == left
    assert "".join(run.hash[-1] for run in sure(few_runs, query)) == certain


@pytest.mark.parametrize("query", [query for query, _, _ in QUERIES])
def test_what_is_told_at_once_is_what_each_run_says(few_runs, query):
    now = datetime.now(UTC)
    condition = plan_query(parse_query(query, now)).rest
    around, present = Surroundings(lambda _: 0, lambda _: ()), Present(now, "here", lambda _: False)
    answering = {run.path for run in few_runs if matches(condition, RunRow(KeptRun(run, None, present), around))}
    assert {run.path for run in sure(few_runs, query)} <= answering
    assert answering <= {run.path for run in possible(few_runs, query)}


def test_runs_of_a_segment_that_are_not_all_there_or_in_another_order(few_runs):
    some = [few_runs[4], few_runs[0], few_runs[2], few_runs[1], few_runs[3]]
    assert possible(some, "config.lr in (1, 5)") == [few_runs[4], few_runs[0]]
    assert possible(some[:3], "config.lr in (1, 2, 3)") == [few_runs[0], few_runs[2]]
