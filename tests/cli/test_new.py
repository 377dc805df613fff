"""`huldra new`: shows first, writes only when told to, and never half."""

import json

import pytest

WORDS = ("new", "LogReg", "data=train_ids", "lr=0.7,0.1")


@pytest.fixture
def project(toytext, tmp_path):
    """A copy of the sample that a test may change."""
    import shutil  # noqa: PLC0415

    return shutil.copytree(toytext, tmp_path / "toytext", symlinks=True)


def test_it_shows_what_it_would_write_and_build(huldra, project):
    before = (project / "toytext/experiments.py").read_bytes()
    shown = huldra(*WORDS, "--dry-run", at=project)
    assert shown.code == 0
    assert "for lr in (0.7, 0.1)" in shown.out
    assert [line.split()[-1] for line in shown.out.splitlines()[-2:]] == ["missing", "current"]
    assert (project / "toytext/experiments.py").read_bytes() == before


def test_without_a_word_nothing_is_written(huldra, project):
    before = (project / "toytext/experiments.py").read_bytes()
    refused = huldra(*WORDS, at=project)
    assert refused.code == 2
    assert "--yes" in refused.err
    assert (project / "toytext/experiments.py").read_bytes() == before


def test_what_is_written_is_found_by_analyze(huldra, project):
    made = huldra("new", "--yes", "LogReg", "--name", "hot", "lr=0.7", "data=train_ids", "--format", "json", at=project)
    assert made.code == 0
    document = json.loads(made.out)
    assert document["written"]
    assert [row["verdict"] for row in document["experiments"]] == ["missing"]
    found = json.loads(huldra("analyze", "--format", "json", at=project).out)
    built = {f"{e['class']}/{e['hash']}": e["sites"] for e in found["experiments"]}
    (row,) = document["experiments"]
    (site,) = built[f"{row['class']}/{row['hash']}"]
    assert (site["file"], site["line"]) == (document["file"], document["line"])


def test_it_begins_with_the_values_of_a_run(huldra, project):
    runs = huldra("runs", "class ~ LogReg and config.epochs == 6", "--format", "jsonl", at=project).out.splitlines()
    digest = json.loads(runs[0])["hash"]
    made = huldra("new", "LogReg", "--like", digest, "--into", "again.py", "--yes", "--format", "json", at=project)
    assert made.code == 0, made.err
    assert [row["hash"] for row in json.loads(made.out)["experiments"]] == [digest]
    assert "epochs=6" in (project / "again.py").read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("LogRag", "lr=1"), "did you mean"),
        (("LogReg", "lr=1"), "needs a value for data"),
        (("LogReg", "data=train_ids", "lr=1", "lr=2"), "lr=1,2"),
        (("LogReg", "data=train_ids", "--into", "../out.py"), "project"),
        (("LogReg", "data=train_ids", "--into", "notes.md"), "no Python file"),
        (("LogReg", "--like", "LogReg"), "--like"),
        (("LogReg", "data=train_ids", "--name", "class"), "'class' is no name in Python"),
        (("LogReg", "stray"), "stray"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(huldra, project, words, message):
    refused = huldra("new", *words, "--yes", at=project)
    assert refused.code == 2
    assert message in refused.err
    assert "bug" not in refused.err
