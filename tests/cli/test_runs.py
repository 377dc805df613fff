"""`huldra runs`, end to end: queries, columns, order, groups, formats."""

import csv
import io
import json

import pytest


def rows(huldra, at, *words):
    return json.loads(huldra("runs", *words, "--format", "json", at=at).out)["runs"]


def test_every_run_without_a_query(huldra, toytext):
    data = json.loads(huldra("runs", "--format", "json", at=toytext).out)
    assert (data["schema_version"], data["store"], data["query"], data["total"]) == (1, "data-huldra", "", 47)
    analyzed = json.loads(huldra("analyze", "--format", "json", at=toytext).out)["runs"]
    for run, known in zip(data["runs"], analyzed, strict=True):
        assert {name: value for name, value in run.items() if name != "config"} == {
            name: value for name, value in known.items() if name != "sites"
        }
        assert run["config"]["__class__"] == run["class"]


def codes(run):
    return [reason["code"] for reason in run["reasons"]]


ANSWERS = {
    "is stale": lambda run: run["verdict"] == "stale",
    "verdict == current": lambda run: run["verdict"] == "current",
    "class ~ evaluate and config.model.lr > 0.05 and is stale": lambda run: (
        "evaluate" in run["class"].lower()
        and "lr" in (run["config"].get("model") or {})
        and run["config"]["model"]["lr"] > 0.05
        and run["verdict"] == "stale"
    ),
    "class <: TrainBase": lambda run: run["class"].startswith("toytext.train."),
    "reason == code-changed": lambda run: "code-changed" in codes(run),
    "version_controlled": lambda run: run["path"].startswith("git/"),
    "created > 2000-01-01": lambda run: run["created_at"] is not None,
    "is failed or is crashed": lambda run: run["verdict"] in {"failed", "crashed"},
    "dirty": lambda run: "made-from-dirty-tree" in [note["code"] for note in run["notes"]],
    "+25af5b+0 and not class ~ evaluate": lambda run: run["path"] in UPSTREAM,
}
UPSTREAM: set[str] = set()


@pytest.mark.parametrize("query", ANSWERS)
def test_queries(huldra, toytext, query):
    """Each query against the same question put in Python."""
    every = rows(huldra, toytext)
    by_key = {f"{run['class']}/{run['hash']}": run for run in every}
    queue = [key for key in by_key if "/25af5b" in key]
    while queue:
        run = by_key[queue.pop()]
        queue += run["depends_on"]
        if "evaluate" not in run["class"]:
            UPSTREAM.add(run["path"])
    expected = [run["path"] for run in every if ANSWERS[query](run)]
    assert 0 < len(expected) < 47
    assert [run["path"] for run in rows(huldra, toytext, query)] == expected


def test_a_fault_is_drawn(huldra, toytext):
    answer = huldra("runs", "class == Train and verdct == stale", at=toytext)
    assert answer.code == 2
    assert "there is no field 'verdct'; did you mean verdict?" in answer.err
    assert "\nclass == Train and verdct == stale\n                   ^^^^^^\n" in answer.err


def test_one_class_shows_what_differs(huldra, toytext):
    head = huldra("runs", "class == LogReg", at=toytext).out.splitlines()[0].split()
    assert head == ["hash", "verdict", "created", "duration", "config.lr", "config.epochs"]
    head = huldra("runs", at=toytext).out.splitlines()[0].split()
    assert head == ["class", "hash", "verdict", "created", "duration"]


@pytest.mark.parametrize("sort", [("--sort", "-size"), ("--sort=-size",)])
def test_order_and_limit(huldra, toytext, sort):
    sizes = [run["size"] for run in rows(huldra, toytext, "--columns", "hash,size", *sort)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) > 10
    out = huldra("runs", *sort, "--limit", "3", at=toytext).out
    assert len(out.splitlines()) == 5
    assert out.endswith("… and 44 more\n")


def test_what_has_no_value_comes_last(huldra, toytext):
    for sort in ("config.lr", "-config.lr"):
        values = [run["config.lr"] for run in rows(huldra, toytext, "--columns", "config.lr", "--sort", sort)]
        known = [value for value in values if value is not None]
        assert values[: len(known)] == known == sorted(known, reverse=sort.startswith("-"))


def test_groups(huldra, toytext):
    out = huldra("runs", "is stale", "--group", "class", "--columns", "hash,size", at=toytext).out
    assert "\ntoytext.evaluate.Evaluate  9 runs, " in out
    found = rows(huldra, toytext, "--group", "verdict")
    assert [run["group"] for run in found] == sorted(run["verdict"] for run in found)


def test_what_a_config_holds_is_told_in_short(huldra, toytext):
    lines = huldra("runs", "class == Report", at=toytext).out.splitlines()
    assert lines[0].split()[-2:] == ["config.evals", "config.title"]
    assert '  [Evaluate(metric="accuracy", threshold=0.0), Evaluate(metri…  toytext' in lines[1]
    assert max(map(len, lines)) < 130


@pytest.mark.parametrize(
    ("query", "next_one"),
    [
        ("", "verdict\t"),
        ("is sta", "is stale\t"),
        ("class == LogR", "class == LogReg\t"),
        ("class == LogReg and config.l", "class == LogReg and config.lr\t"),
        ("config.lr ", "config.lr >=\t"),
        ("config.model.lr == 0.0", "config.model.lr == 0.05\t"),
        ("user == ", "user == user\t"),
    ],
)
def test_what_may_stand_next(huldra, toytext, query, next_one):
    lines = huldra("runs", "--complete", query, at=toytext).out.splitlines()
    assert [line for line in lines if line.startswith(next_one)]
    assert all(line.startswith(query) for line in lines)


def test_totals_of_a_class_for_who_wants_room(huldra, toytext):
    every = rows(huldra, toytext, "--columns", "class,size")
    totals = {}
    for run in every:
        totals[run["class"]] = totals.get(run["class"], 0) + run["size"]
    words = ("--group", "class", "--sort", "-size", "--limit", "0")
    data = json.loads(huldra("runs", *words, "--format", "json", at=toytext).out)
    assert (data["runs"], data["total"]) == ([], 47)
    assert {group["value"]: group["size"] for group in data["groups"]} == totals
    sizes = [group["size"] for group in data["groups"]]
    assert sizes == sorted(sizes, reverse=True)
    lines = huldra("runs", *words, at=toytext).out.splitlines()
    assert [line.split()[0] for line in lines] == [group["value"] for group in data["groups"]]
    assert lines[0].endswith(" kB")


def test_groups_count_also_what_is_not_listed(huldra, toytext):
    out = huldra("runs", "--group", "verdict", "--columns", "hash", "--limit", "1", at=toytext).out
    assert "current  17 runs\n  hash\n" in out
    assert out.endswith("\n… and 46 more\n")


def test_csv_and_markdown_and_lines(huldra, toytext):
    out = huldra(
        "runs", "class == Averaged", "--format", "csv", "--columns", "hash,verdict,config.decay", at=toytext
    ).out
    table = list(csv.reader(io.StringIO(out)))
    assert table[0] == ["hash", "verdict", "config.decay"]
    known = {run["hash"]: run["config"]["decay"] for run in rows(huldra, toytext) if run["class"].endswith("Averaged")}
    assert {row[0]: float(row[2]) for row in table[1:]} == known
    lines = huldra("runs", "--format", "jsonl", at=toytext).out.splitlines()
    assert len([json.loads(line) for line in lines]) == 47
    markdown = huldra("runs", "class == Averaged", "--format", "markdown", at=toytext).out.splitlines()
    assert markdown[1].startswith("|---|")
    assert len(markdown) == 6


def test_no_store(huldra, lab):
    for words in ((), ("--format", "jsonl")):
        answer = huldra("runs", *words, at=lab)
        assert (answer.code, answer.out) == (0, "")
        assert "No store found" in answer.err
    assert rows(huldra, lab) == []
    (lab / "data-huldra").write_text("")
    assert huldra("runs", at=lab).code == 2


def test_no_run_that_answers(huldra, toytext):
    for _ in range(2):  # the second answer is a kept one
        answer = huldra("runs", "class == Corpsu", at=toytext)
        assert (answer.code, answer.out, answer.err) == (0, "", "No run answers this query.\n")


def test_only_what_the_classes_that_were_named_have_may_stand_next(huldra, toytext):
    def offered(query):
        lines = huldra("runs", "--complete", f"{query}config.", at=toytext).out.splitlines()
        return {line.partition("\t")[0].rpartition("config.")[2] for line in lines}

    every, of_corpus = offered(""), offered("class == Corpus and ")
    assert {"source", "lr"} <= every
    assert "source" in of_corpus
    assert "lr" not in of_corpus
    assert of_corpus == offered("(class == Corpus and not ") == offered("is stale and class == Corpus and ")
    assert every == offered("class == Corpus or ") == offered("class <: Corpus and ") == offered("class == Nobody and ")
    assert "lr" in offered("not (class == Corpus and ")


@pytest.mark.parametrize("option", ["--columns", "--sort", "--group"])
def test_wrong_columns(huldra, toytext, option):
    answer = huldra("runs", option, "verdit", at=toytext)
    assert answer.code == 2
    assert f"{option}: there is no field 'verdit'; did you mean verdict?" in answer.err
