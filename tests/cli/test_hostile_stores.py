"""Stores that hold what no terminal, no screen and no memory can bear: names, sizes, depths."""

import csv
import io
import json
import shutil

import pytest

from fixtures.demo import unpack
from huldra.stored_runs import run_files
from huldra.stored_runs.run_files import list_files
from tests.unit.test_stored_runs_builder import MARKER, attempt, event, make_run, metadata, state

# Moves of the cursor, ends of lines, and what turns the direction of writing.
FORBIDDEN = {*map(chr, range(32)), *map(chr, range(127, 160)), *map(chr, (0x61C, 0x200E, 0x200F))} | {
    *map(chr, (*range(0x2028, 0x202F), *range(0x2066, 0x206A)))
}
HOSTILE = "evil" + "".join(sorted(FORBIDDEN - {"\0"})) + "\x1b[31m\x1b]0;title\x07end"
DIRECTORY = HOSTILE.replace("/", "").replace(".", "")[:100]
DIGESTS = ("a" * 20, "b" * 20)


@pytest.fixture
def hostile(lab):
    """Two runs whose every text is hostile, one failed, and a class whose directory is named so."""
    store = lab / "data-huldra"
    for number, digest in enumerate(DIGESTS):
        config = {
            "__class__": "my_project.train.Train",
            HOSTILE: HOSTILE,
            "lr": number,
            "path": HOSTILE,
            "inner": {"__class__": f"my_project.{HOSTILE}", "name": [HOSTILE], HOSTILE: 1},
        }
        error = {"type": HOSTILE, "message": HOSTILE, "traceback": f"Trace\n{HOSTILE}"}
        internal = make_run(
            store,
            digest=digest,
            state_json=state("failed", attempt("failed", error=error, owner={"user": HOSTILE, "host": HOSTILE})),
            metadata_json=metadata(
                huldra_obj=config,
                huldra_hash=digest,
                git_branch=HOSTILE,
                git_commit=HOSTILE,
                user=HOSTILE,
                command=HOSTILE,
                python_version=HOSTILE,
            ),
            events_jsonl=event("attempt_started", note=HOSTILE),
        )
        (internal / "huldra.log").write_text(f"one\n{HOSTILE}\n")
        (internal.parent / f"{DIRECTORY}.txt").write_text(f"{HOSTILE}\n")
        (internal.parent / "rows.csv").write_text(f"a,b\n{HOSTILE},1\n")
    away = store / "data" / "my_project" / DIRECTORY
    (store / "data" / "my_project" / "train" / "Train").joinpath("c" * 20).mkdir()
    make_run(store, digest="d" * 20, state_json="{").parent.parent.joinpath("e" * 20).mkdir()
    away.mkdir()
    (store / "data/my_project/train/Train" / ("d" * 20)).rename(away / ("d" * 20))
    return lab


@pytest.mark.parametrize(
    "words",
    [
        ("runs",),
        ("runs", "--columns", "class,hash,error,user,host,branch,commit,command,config.path,config.inner"),
        ("runs", "--group", "branch"),
        ("show", DIGESTS[0]),
        ("show", DIGESTS[0], "--depth", "3", "-v"),
        ("show", "d" * 20),
        ("diff", *DIGESTS),
        ("why", DIGESTS[0]),
        ("graph",),
        ("graph", "--all"),
        ("analyze",),
        ("doctor",),
        ("show", "nothing"),
        ("show", "Train"),
        ("snippet", DIGESTS[0]),
        ("snippet", DIGESTS[0], "--exact"),
        ("runs", "--format", "markdown", "--columns", "class,error,branch"),
    ],
)
def test_nothing_of_a_store_reaches_the_terminal_as_a_command(huldra, hostile, words):
    answer = huldra(*words, at=hostile)
    for said in (answer.out, answer.err):
        assert FORBIDDEN.intersection(said) <= {"\n"}
        assert not any(line.startswith("title") for line in said.splitlines())
    assert answer.out or answer.err


def test_a_hostile_text_ends_no_line_of_a_table(huldra, hostile):
    out = huldra("runs", "result == failed", "--columns", "hash,error", at=hostile).out
    assert len(out.split("\n")) == 1 + len(DIGESTS) + 1


def test_the_data_are_as_they_were_recorded(huldra, hostile):
    runs = json.loads(huldra("runs", "--format", "json", "--columns", "hash,branch", at=hostile).out)["runs"]
    assert [run["branch"] for run in runs if run["hash"] in DIGESTS] == [HOSTILE, HOSTILE]
    table = huldra("runs", "--format", "csv", "--columns", "hash,branch", at=hostile).out
    values = {row[0]: row[1] for row in csv.reader(io.StringIO(table, newline="")) if len(row) == 2}
    assert [values[digest] for digest in DIGESTS] == [HOSTILE, HOSTILE]


def nested(depth, leaf):
    config = {"__class__": "my_project.train.Train", "x": leaf}
    for number in range(depth):
        config = {"__class__": "my_project.train.Train", "inner": config, "n": number}
    return config


@pytest.mark.parametrize("words", [("runs",), ("show",), ("show", "--depth", "500"), ("why",), ("snippet",), ("diff",)])
def test_deep_and_wide_configs(huldra, lab, words):
    configs = (
        nested(180, [[["deep"]]]),
        {"__class__": "my_project.train.Train"} | {f"field_{number}": number for number in range(5_000)},
    )
    for digest, config in zip(DIGESTS, configs, strict=True):
        make_run(
            lab / "data-huldra",
            digest=digest,
            state_json=state("success", attempt()),
            SUCCESS_json=MARKER,
            metadata_json=metadata(huldra_obj=config, huldra_hash=digest),
        )
    asked = {"runs": [()], "diff": [DIGESTS]}.get(words[0], [(digest,) for digest in DIGESTS])
    for runs in asked:
        answer = huldra(words[0], *runs, *words[1:], at=lab)
        assert answer.code in (0, 1, 2)
        assert answer.out or answer.err


def test_a_config_that_nests_too_deep_is_damage(huldra, lab):
    config = '{"__class__": "a.B", "x": ' * 50_000 + "1" + "}" * 50_000
    text = json.dumps(metadata(huldra_hash=DIGESTS[0])).replace(json.dumps(metadata()["huldra_obj"]), config)
    make_run(lab / "data-huldra", digest=DIGESTS[0], state_json=state("success", attempt()), metadata_json=text)
    answer = huldra("show", DIGESTS[0], at=lab)
    assert "metadata.json: is not JSON: recursion limit exceeded" in answer.out + answer.err


def test_very_many_files_are_counted_and_not_listed(huldra, lab, monkeypatch):
    monkeypatch.setattr(run_files, "_MOST_FILES", 30)
    run = make_run(lab / "data-huldra", digest=DIGESTS[0], state_json=state("success", attempt())).parent
    for number in range(50):
        (run / f"{number:03}.bin").write_bytes(b"12")
    (run / "loop").symlink_to(run)
    found = list_files(run, ".huldra")
    assert (len(found.files), found.size <= 60 + 200, found.count, found.is_counted, found.is_cut) == (
        30,
        True,
        51,
        True,
        True,
    )
    out = huldra("show", DIGESTS[0], at=lab).out
    assert f"… and {51 - out.count('.bin') - out.count('  loop')} more files" in out
    assert "… and 21 more files" in huldra("show", DIGESTS[0], "-v", at=lab).out
    monkeypatch.setattr(run_files, "_MOST_COUNTED", 40)
    found = list_files(run, ".huldra")
    assert (len(found.files), found.count, found.is_counted) == (30, 40, False)
    assert "… and more than 10 more files" in huldra("show", DIGESTS[0], "-v", at=lab).out


def test_a_config_wider_than_anybody_reads(huldra, lab):
    for number, digest in enumerate(DIGESTS):
        config = {"__class__": "my_project.train.Train", "lr": 1, **{f"k{key}": number for key in range(2500)}}
        said = metadata(huldra_obj=config, huldra_hash=digest)
        make_run(lab / "data-huldra", digest=digest, state_json=state("failed", attempt("failed")), metadata_json=said)
    shown = huldra("show", "a" * 8, at=lab)
    assert "  k1990  0" in shown.out
    assert "  k2400  0" not in shown.out
    assert "… and 501 more lines; --format json has all" in shown.out
    differing = huldra("diff", "a" * 8, "b" * 8, at=lab)
    assert "… and 500 more; --format json has all" in differing.out
    assert "k2499" in huldra("diff", "a" * 8, "b" * 8, "--format", "json", at=lab).out


def test_what_cannot_be_looked_into_is_not_taken_for_empty(huldra, tmp_path):
    unpack(tmp_path / "toytext")
    project, store = tmp_path / "toytext", tmp_path / "toytext" / "data-huldra"
    lost = store / "data" / "toytext" / "preprocess"
    assert lost.is_dir()
    shutil.rmtree(lost)
    lost.symlink_to(tmp_path / "a disk that is not there")
    found = json.loads(huldra("analyze", "--format", "json", at=project).out)
    hidden = [run for run in found["runs"] if run["class"].startswith("toytext.preprocess.")]
    assert hidden
    assert {run["verdict"] for run in hidden} == {"unverifiable"}
    assert all("data/toytext/preprocess cannot be looked into" in run["reasons"][0]["message"] for run in hidden)
    # Nobody knows that what others were made from is missing.
    assert not [r for run in found["runs"] for r in run["reasons"] if r["code"] == "upstream-missing"]
    built = [each for each in found["experiments"] if each["class"].startswith("toytext.preprocess.")]
    assert built
    assert {each["verdict"] for each in built} == {"unverifiable"}
    for words in (("check",), ("check", "--quiet"), ("check", "--staged"), ("check", "--since", "HEAD")):
        answer = huldra(*words, at=project)
        assert answer.code == 2
        assert "could not look into 1 place of the store: data-huldra/data/toytext/preprocess: " in answer.err
    # The hook that only tells never fails a commit.
    told = huldra("check", "--staged", "--exit-zero", at=project)
    assert (told.code, "could not look into 1 place" in told.err) == (0, True)
