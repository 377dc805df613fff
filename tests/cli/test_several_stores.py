"""Several stores side by side, end to end: what is said of each, and which one the runtime would use."""

import json
import shutil
import sys
from pathlib import Path

import pytest

TOKENIZED = "toytext.tokenizer.Tokenized/b5b44c4dbfd448e48ac3"


@pytest.fixture
def project(toytext: Path, tmp_path: Path) -> Path:
    """The sample project with a second store, `archive`, that holds the very same runs."""
    root = tmp_path / "copy"
    shutil.copytree(toytext, root, symlinks=True)
    shutil.copytree(root / "data-huldra", root / "archive", symlinks=True)
    with (root / "pyproject.toml").open("a") as file:
        file.write('\n[tool.huldra]\nfurther-stores = ["archive"]\n')
    return root


def said(huldra, root, *words):
    return json.loads(huldra(*words, "--format", "json", at=root).out)


def without_place(run):
    left = {name: value for name, value in run.items() if name not in {"path", "store"}}
    left["notes"] = [note for note in run["notes"] if note["code"] != "in-another-store"]
    return left


def test_a_further_store_is_judged_as_it_is_alone(huldra, project):
    together = said(huldra, project, "analyze")
    alone = {name: said(huldra, project, "analyze", "--store", name) for name in ("data-huldra", "archive")}
    own = [run for run in together["runs"] if run["store"] is None]
    beside = [run for run in together["runs"] if run["store"] == "archive"]
    assert together["further_stores"] == ["archive"]
    assert own == alone["data-huldra"]["runs"]
    assert [*map(without_place, beside)] == [*map(without_place, alone["archive"]["runs"])]
    assert [run["path"] for run in beside] == [f"../archive/{run['path']}" for run in own]
    assert all("in-another-store" in [note["code"] for note in run["notes"]] for run in beside)
    for name in ("experiments", "sweeps", "edges", "problems", "classes"):
        assert together[name] == alone["data-huldra"][name]


def test_what_only_a_further_store_holds_is_missing_for_the_runtime(huldra, project):
    shutil.rmtree(project / "data-huldra")
    data = said(huldra, project, "analyze")
    assert {experiment["verdict"] for experiment in data["experiments"]} == {"missing"}
    assert {run["store"] for run in data["runs"]} == {"archive"}
    found = said(huldra, project, "show", TOKENIZED)
    assert found["directory"].startswith(str(project / "archive"))
    assert found["files"]
    assert found["run"]["notes"][-1]["message"].endswith("the runtime uses only its own, and would make this again")
    plan = said(huldra, project, "rerun", TOKENIZED, "--dry-run", "--python", sys.executable)
    assert [(step["class"], step["verdict"]) for step in plan["steps"]][-1] == (TOKENIZED.partition("/")[0], "missing")


def test_stores_are_asked_for_and_shown_as_a_column(huldra, project):
    everything = huldra("runs", at=project).out
    assert everything.splitlines()[0].split() == ["class", "hash", "verdict", "created", "duration", "store"]
    for name in ("archive", "data-huldra"):
        rows = said(huldra, project, "runs", f"store == {name}", "--columns", "store,path")["runs"]
        assert {row["store"] for row in rows} == {name}
        assert {row["path"].startswith("../archive/") for row in rows} == {name == "archive"}
    assert "store" not in huldra("runs", "--store", "data-huldra", at=project).out.splitlines()[0]
    of_class = said(huldra, project, "runs", "class == Tokenized")["runs"]
    every = [run for run in said(huldra, project, "analyze")["runs"] if run["class"].endswith(".Tokenized")]
    assert [(run["path"], run["verdict"]) for run in of_class] == [(run["path"], run["verdict"]) for run in every]
    assert len(every) > 2
    below = said(huldra, project, "runs", "Tokenized/b5b44c+1")["runs"]
    assert {run["store"] for run in below} == {None, "archive"}


def test_a_hash_means_the_run_that_the_runtime_uses_and_a_path_any(huldra, project):
    out = huldra("show", "Tokenized/b5b44c", at=project).out
    assert "\nalso lies in\n  ../archive/data/toytext/tokenizer/Tokenized/b5b44c4dbfd448e48ac3  current\n" in out
    assert f"  directory  {project}/data-huldra/data/toytext" in out
    place = "archive/data/toytext/tokenizer/Tokenized/b5b44c4dbfd448e48ac3"
    for word in (place, f"{project}/{place}", f"../{place}"):
        found = said(huldra, project, "show", word)
        assert (found["run"]["store"], found["directory"]) == ("archive", f"{project}/{place}")
        assert [(copy["store"], copy["verdict"]) for copy in found["copies"]] == [(None, "current")]
    assert "  store      archive, a further store\n" in huldra("show", place, at=project).out
    same = said(huldra, project, "diff", "Tokenized/b5b44c", place)
    assert same["config"] == []


def test_stores_that_the_command_line_names(huldra, project):
    runs = said(huldra, project, "runs", "--store", "archive", "--store", "data-huldra")
    assert runs["store"] == "archive"
    assert {run["store"] for run in runs["runs"]} == {None, "data-huldra"}
    assert said(huldra, project, "runs", "--store", "archive", "--store", "archive")["total"] == runs["total"] / 2


def test_a_further_store_that_is_not_there(huldra, project):
    shutil.rmtree(project / "archive")
    health = said(huldra, project, "doctor")
    assert health["further_stores"] == [{"store": "archive", "runs": 0}]
    assert [(fault["path"], fault["code"]) for fault in health["store_problems"]] == [("../archive", "missing-store")]
    assert "further store  archive" in huldra("doctor", at=project).out


def test_a_run_of_the_folder_that_its_class_no_longer_uses(huldra, toytext, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(toytext, root, symlinks=True)
    before = {run["path"]: run for run in said(huldra, root, "analyze")["runs"]}
    path = f"data/{TOKENIZED.replace('.', '/')}"
    moved = root / "data-huldra" / path.replace("data/", "git/", 1)
    moved.parent.mkdir(parents=True)
    (root / "data-huldra" / path).rename(moved)
    data = said(huldra, root, "analyze")
    verdicts = {f"{row['class']}/{row['hash']}": row["verdict"] for row in data["experiments"]}
    run = next(run for run in data["runs"] if run["path"] == path.replace("data/", "git/", 1))
    assert verdicts[TOKENIZED] == "missing"
    assert run["verdict"] == before[path]["verdict"] == "current"
    assert run["notes"][-1] == {
        "code": "in-another-root",
        "message": "lies in git/; the runtime looks for it in data/, and would make this again",
    }
