"""Files that a run names by a value of its config, in a real project with real runs."""

import json
import subprocess
import sys
import time

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.analysis.live import LiveProject
from huldra.comparison.files_by_value import FilesByValue
from huldra.fingerprints.data_files import DataListing, UnknownContent
from huldra.fingerprints.model import Closure, Definition
from huldra.formats.globbing import MOST_FILES
from tests.unit.git_builder import commit, git, new_repository, write
from tests.unit.real_runs import run_really

EXP = """from pathlib import Path

import huldra

PROMPTS = Path(__file__).parent / "prompts"


class Words(huldra.Huldra[str]):
    table: str

    def _create(self) -> str:
        return Path(self.table).read_text()

    def _load(self) -> str:
        return ""


class Ask(huldra.Huldra[str]):
    prompt: str
    words: Words
    seed: int = 1

    def _create(self) -> str:
        (Path("out") / f"{self.prompt}.txt").exists()
        return (PROMPTS / f"{self.prompt}.txt").read_text() + open("conf/" + str(self.seed) + ".json").read()

    def _load(self) -> str:
        return ""


SHORT = Ask(prompt="short", words=Words(table="conf/words.csv"))
LONG = Ask(prompt="long", words=Words(table="conf/words.csv"), seed=2)
"""
MAKE = "[(x.words.load_or_create(), x.load_or_create()) for x in (SHORT, LONG)]"
FILES = {
    "lab/prompts/short.txt": "Be brief.\n",
    "lab/prompts/long.txt": "Go on.\n",
    "conf/words.csv": "a,b\n",
    "conf/1.json": "1\n",
    "conf/2.json": "2\n",
}


@pytest.fixture
def project(tmp_path):
    root = new_repository(tmp_path / "project")
    code = {"pyproject.toml": "", "lab/__init__.py": "", "lab/exp.py": EXP}
    commit(root, {**code, **FILES, ".gitignore": "data-huldra/\n.huldra_cache/\n__pycache__/\n"})
    run_really(root, f"from lab.exp import SHORT, LONG; {MAKE}")
    return root


def told(comparison):
    """Return of each run its verdict and the files that it is about, by its prompt; the words run is `words`."""
    return {
        dict(found.run.config.fields).get("prompt", "words"): (
            found.verdict,
            sorted({reason.definition.rpartition("/")[2] for reason in found.reasons}),
        )
        for found in comparison.runs
    }


def verdicts(root):
    return told(take_snapshot(open_workspace(root, root=root)).comparison)


CURRENT = ("current", [])


def test_a_run_is_stale_where_its_own_file_changed_and_others_are_not(project):
    assert verdicts(project) == {"short": CURRENT, "long": CURRENT, "words": CURRENT}
    write(project, {"lab/prompts/long.txt": "Stop.\n"})
    assert verdicts(project) == {"short": CURRENT, "long": ("stale", ["long.txt"]), "words": CURRENT}
    git(project, "checkout", "--quiet", "--", "lab")
    commit(project, {"conf/1.json": "3\n"})
    assert verdicts(project) == {"short": ("stale", ["1.json"]), "long": CURRENT, "words": CURRENT}
    (project / "conf" / "2.json").unlink()
    assert verdicts(project)["long"] == ("stale", ["2.json"])


def test_a_file_that_the_config_of_another_run_names_is_that_runs(project):
    write(project, {"conf/words.csv": "c\n"})
    found = take_snapshot(open_workspace(project, root=project)).comparison.runs
    reasons = {run.run.class_name: [reason.code for reason in run.reasons] for run in found}
    assert reasons == {"lab.exp.Words": ["code-changed"], "lab.exp.Ask": ["upstream-stale"]}


def test_a_name_of_several_values_is_that_of_the_run_which_has_them_all(tmp_path):
    root = new_repository(tmp_path / "project")
    name = 'PROMPTS / f"{self.prompt}-{self.seed}" / f"{self.words.table}.txt"'
    code = EXP.replace('PROMPTS / f"{self.prompt}.txt"', name)
    code = code.replace('conf/words.csv"', 'words"').replace("Path(self.table).read_text()", "self.table")
    files = {f"lab/prompts/{name}/words.txt": f"{name}\n" for name in ("short-1", "short-2", "long-2")}
    commit(root, {"pyproject.toml": "", "lab/__init__.py": "", "lab/exp.py": code, **files, **FILES})
    commit(root, {".gitignore": "data-huldra/\n.huldra_cache/\n__pycache__/\n"})
    run_really(root, f"from lab.exp import SHORT, LONG; {MAKE}")
    nothing = {"words": ("current", []), "short": ("current", []), "long": ("current", [])}
    assert verdicts(root) == nothing
    write(root, {"lab/prompts/short-2/words.txt": "of neither\n"})
    assert verdicts(root) == nothing
    write(root, {"lab/prompts/short-1/words.txt": "other\n"})
    assert verdicts(root) == {**nothing, "short": ("stale", ["words.txt"])}
    (root / "lab/prompts/long-2/words.txt").unlink()
    assert verdicts(root) == {**nothing, "short": ("stale", ["words.txt"]), "long": ("stale", ["words.txt"])}


def test_more_names_of_several_values_than_can_be_compared_are_a_doubt():
    names = (("conf/{}/{}.txt", 3),)
    definition = Definition("lab.Ask", "instance", "lab.py", 1, 1, "", (), (), (), names)
    closure = Closure((definition,), frozenset(), (), ())
    files = DataListing({f"conf/a/{number}.txt": "1" for number in range(MOST_FILES + 1)})
    told = FilesByValue(closure, files, files, "lab.Ask").told({"kind": "a", "number": 3}, lambda _: False)
    assert told.changes == ()
    (doubt,) = told.doubts
    assert f"more than {MOST_FILES} files" in doubt
    few = DataListing({"conf/a/3.txt": "1", "conf/a/4.txt": "1", "conf/b/3.txt": "1"})
    other = DataListing(dict.fromkeys(few.contents, "2"))
    told = FilesByValue(closure, few, other, "lab.Ask").told({"kind": "a", "number": 3}, lambda _: False)
    assert [change.message for change in told.changes] == ["conf/a/3.txt changed, named by kind and number in lab.Ask"]


WORDS = (("train", 1), ("test", 1))
"""What a definition writes down besides the names of files."""


@pytest.mark.parametrize(
    ("texts", "config", "there", "counts"),
    [
        # A value of the config gives the part: others are other runs', whatever the code says elsewhere.
        ((("sets/{}.csv", 2), *WORDS), {"name": "test"}, ["sets/train.csv", "sets/test.csv"], ["sets/test.csv"]),
        ((("sets/{}.csv", 2),), {"fold": 1}, ["sets/0.csv", "sets/1.csv"], ["sets/1.csv"]),
        # No value does: a text of the code may, or a number, or a value that is written otherwise.
        ((("sets/{}.csv", 2), *WORDS), {"name": "x"}, ["sets/train.csv", "sets/old.csv"], ["sets/train.csv"]),
        ((("sets/fold{}.csv", 2),), {"seed": 9}, ["sets/fold0.csv", "sets/foldx.csv"], ["sets/fold0.csv"]),
        ((("sets/{}.csv", 2),), {"name": "My_Set"}, ["sets/my-set.csv", "sets/old.csv"], ["sets/my-set.csv"]),
        ((("sets/{}.csv", 2),), {"fold": 1}, ["sets/001.csv", "sets/old.csv"], ["sets/001.csv"]),
        ((("{}.csv", 2), ("sets", 1), *WORDS), {}, ["sets/train.csv", "sets/old.csv"], ["sets/train.csv"]),
        # Nothing tells what it is: all that it may be, if the directory is named with it.
        ((("sets/{}.csv", 2),), {"name": "x"}, ["sets/a.csv", "sets/b.csv"], ["sets/a.csv", "sets/b.csv"]),
        ((("{}.csv", 2), ("sets", 1)), {"name": "x"}, ["sets/a.csv", "sets/b.csv"], []),
        ((("fold_{for}", 2), ("sets", 1)), {}, ["sets/fold_0", "fold_1"], []),
        # A loop gives it: that a value of the config is the same is chance.
        ((("sets/{for}.csv", 2),), {"seed": 0}, ["sets/0.csv", "sets/1.csv"], ["sets/0.csv", "sets/1.csv"]),
        ((("sets/{for}.csv", 2), *WORDS), {}, ["sets/train.csv", "sets/old.csv"], ["sets/train.csv"]),
        # Several parts.
        (
            (("sets/{}/{}.csv", 2), *WORDS),
            {"kind": "a"},
            ["sets/a/train.csv", "sets/a/0.csv", "sets/b/train.csv"],
            ["sets/a/train.csv", "sets/a/0.csv"],
        ),
        ((("sets/{}/{}.csv", 2),), {"kind": "a", "n": 0}, ["sets/a/0.csv", "sets/a/1.csv"], ["sets/a/0.csv"]),
        # A field says the directory: `Path(self.folder) / "a.csv"`, `Path(self.folder).glob("*.csv")`.
        ((("{}/a.csv", 2),), {"folder": "sets"}, ["sets/a.csv", "sets/b.csv", "old/a.csv"], ["sets/a.csv"]),
        ((("{}/*.csv", 2),), {"folder": "x/sets"}, ["x/sets/a.csv", "x/sets/b.txt", "old/a.csv"], ["x/sets/a.csv"]),
        ((("{}/*", 2), ("old", 1)), {"folder": "sets"}, ["sets/a.csv", "old/a.csv"], ["sets/a.csv"]),
        (
            (("{}/{}.csv", 2),),
            {"folder": "sets", "name": "a"},
            ["sets/a.csv", "sets/b.csv", "old/a.csv"],
            ["sets/a.csv"],
        ),
        ((("{}/a.csv", 2),), {"fold": 3}, ["3/a.csv", "4/a.csv"], ["3/a.csv"]),
        # What the code names, or the config, lies in a directory that the config names.
        ((("a.csv", 2),), {"folder": "sets"}, ["sets/a.csv", "sets/b.csv", "old/a.csv"], ["sets/a.csv"]),
        ((), {"folder": "sets", "table": "x/a.csv"}, ["sets/x/a.csv", "sets/a.csv"], ["sets/x/a.csv"]),
        ((("a.csv", 2),), {"kind": "set", "n": 3}, ["sets/a.csv", "3/a.csv"], []),
        # Two values make one part.
        ((("sets/{}{}.csv", 2),), {"name": "a", "n": 1}, ["sets/a1.csv", "sets/a.csv", "sets/1.csv"], ["sets/a1.csv"]),
        ((("sets/{}_{}{}.csv", 2),), {"name": "a", "n": 1}, ["sets/a_a1.csv", "sets/a_b.csv"], ["sets/a_a1.csv"]),
        # A caller says it: any directory that the code names.
        ((("{}/*", 2), ("sets", 1)), {"folder": "x"}, ["sets/a.csv", "old/a.csv"], ["sets/a.csv"]),
        ((("{}/**/*", 2), ("x/sets", 1)), {}, ["x/sets/y/a.csv", "x/a.csv"], ["x/sets/y/a.csv"]),
        ((("{}/*", 2),), {}, ["sets/a.csv"], []),
    ],
)
def test_which_files_a_name_with_values_means(texts, config, there, counts):
    closure = Closure((Definition("lab.Ask", "instance", "lab.py", 1, 1, "", (), (), (), texts),), frozenset(), (), ())
    then, now = (DataListing(dict.fromkeys(there, content)) for content in "12")
    told = FilesByValue(closure, then, now, "lab.Ask").told(config, lambda _: False)
    assert sorted(change.definition for change in told.changes) == sorted(counts)
    assert told.doubts == ()


@pytest.mark.parametrize(
    ("parameters", "config", "counts"),
    [
        # `load(k)` may be called in a loop over range(2): that the seed is 0 says nothing.
        (("k",), {"seed": 0}, ["0", "1"]),
        (("k",), {"name": "x", "seed": 0, "n": 1}, ["0", "1"]),
        (("fold",), {"fold": 0}, ["0"]),
        (("fold", "k"), {"seed": 1, "data": {"fold": 0}}, ["0", "1"]),
        (("name",), {"kind": "1"}, ["1"]),
        ((), {"seed": 0}, ["0"]),
    ],
)
def test_a_number_that_a_caller_hands_over_may_be_another_one_than_the_config_has(parameters, config, counts):
    named = (("sets/{}.csv", 2),)
    definition = Definition("lab.load", "function", "lab.py", 1, 1, "", parameters, (), (), named)
    files = [DataListing(dict.fromkeys(("sets/0.csv", "sets/1.csv", "sets/x.txt"), content)) for content in "12"]
    told = FilesByValue(Closure((definition,), frozenset(), (), ()), *files, "lab.Ask").told(config, lambda _: False)
    assert sorted(change.definition for change in told.changes) == [f"sets/{name}.csv" for name in counts]


def test_runs_that_write_a_value_differently_are_not_told_the_same():
    texts = (("sets/{}/{}.csv", 2), ("old", 1))
    closure = Closure((Definition("lab.Ask", "instance", "lab.py", 1, 1, "", (), (), (), texts),), frozenset(), (), ())
    then, now = (DataListing(dict.fromkeys(("sets/a-b/a-b.csv", "sets/a-b/old.csv"), content)) for content in "12")
    files = FilesByValue(closure, then, now, "lab.Ask")
    for name, counts in (("A_B", 2), ("a-b", 1), ("A_B", 2)):
        assert len(files.told({"name": name}, lambda _: False).changes) == counts


@pytest.mark.parametrize(
    ("texts", "config"),
    [((("{}/*.csv", 2),), {"folder": "sets"}), ((("{}/*", 2), ("sets", 1)), {})],
)
def test_a_new_file_in_a_directory_that_is_given(texts, config):
    closure = Closure((Definition("lab.Ask", "instance", "lab.py", 1, 1, "", (), (), (), texts),), frozenset(), (), ())
    before, more = {"sets/a.csv": "1"}, {"sets/a.csv": "1", "sets/b.csv": "1", "old/b.csv": "1"}
    for then, now, message in ((before, more, "is new"), (more, before, "is gone")):
        files = (DataListing(contents, lists=True) for contents in (then, now))
        told = FilesByValue(closure, *files, "lab.Ask").told(config, lambda _: False)
        assert [change.definition for change in told.changes] == ["sets/b.csv"]
        assert message in told.changes[0].message
    # What has become too many to be compared is said.
    many = DataListing({f"sets/{number}.csv": "1" for number in range(MOST_FILES + 1)} | before, lists=True)
    told = FilesByValue(closure, DataListing(before, lists=True), many, "lab.Ask").told(config, lambda _: False)
    assert told.changes == ()
    assert [f"more than {MOST_FILES} files" in doubt for doubt in told.doubts] == [True]
    # Where only the code was recorded, it cannot be told which files there were.
    unlisted = FilesByValue(closure, DataListing(before), DataListing(more, lists=True), "lab.Ask")
    assert unlisted.told(config, lambda _: False).changes == ()


def test_a_file_of_which_nothing_is_known_leaves_others_known():
    closure = Closure(
        (Definition("lab.Ask", "instance", "lab.py", 1, 1, "", (), (), (), (("sets/{for}.csv", 2),)),),
        frozenset(),
        (),
        (),
    )
    then = DataListing({"sets/0.csv": UnknownContent("it is not kept"), "sets/1.csv": "1"})
    now = DataListing({"sets/0.csv": "1", "sets/1.csv": "2"})
    told = FilesByValue(closure, then, now, "lab.Ask").told({}, lambda _: False)
    assert [change.definition for change in told.changes] == ["sets/1.csv"]
    assert told.doubts == ("sets/0.csv, named by a number in lab.Ask: it is not kept",)


def test_files_of_a_loop_in_a_real_run(tmp_path):
    root = new_repository(tmp_path / "project")
    reads = 'sum(len(open(f"conf/{n}.json").read()) for n in range(1, 3))'
    code = EXP.replace('(PROMPTS / f"{self.prompt}.txt").read_text()', f"str({reads})")
    commit(root, {"pyproject.toml": "", "lab/__init__.py": "", "lab/exp.py": code, **FILES})
    commit(root, {".gitignore": "data-huldra/\n.huldra_cache/\n__pycache__/\n"})
    run_really(root, f"from lab.exp import SHORT, LONG; {MAKE}")
    assert verdicts(root) == {"short": CURRENT, "long": CURRENT, "words": CURRENT}
    write(root, {"conf/2.json": "22\n", "lab/prompts/long.txt": "read by nobody\n"})
    assert verdicts(root) == {"short": ("stale", ["2.json"]), "long": ("stale", ["2.json"]), "words": CURRENT}


def test_a_file_that_is_only_asked_for_does_not_count(project):
    commit(project, {"out/short.txt": "1\n"})
    assert verdicts(project)["short"] == CURRENT


def test_why_and_accept(project):
    write(project, {"lab/prompts/long.txt": "Stop.\n"})
    (long,) = (
        r.run
        for r in take_snapshot(open_workspace(project, root=project)).comparison.runs
        if "long" in str(r.run.config)
    )
    said = ask(project, "why", long.hash, expect={0, 1})
    assert "lab/prompts/long.txt" in said
    assert "-Go on." in said
    assert "+Stop." in said
    ask(project, "accept", long.hash, "--reason", "a matter of taste")
    assert verdicts(project)["long"] == CURRENT
    write(project, {"lab/prompts/long.txt": "Stop it.\n"})
    assert verdicts(project)["long"] == ("stale", ["long.txt"])


def ask(root, *words, expect=frozenset({0})):
    """Ask a process of its own, whose answers are kept; two seconds after anything changed."""
    time.sleep(2.2)
    command = [sys.executable, "-m", "huldra", *words, "--root", str(root)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode in expect, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("words", [("analyze", "--format", "json"), ("runs", "--format", "json")])
def test_answers_that_are_kept_follow_from_such_files(project, words):
    def stale():
        said = json.loads(ask(project, *words))
        return sorted(run["verdict"] for run in said["runs"]).count("stale")

    assert [stale(), stale()] == [0, 0]
    write(project, {"lab/prompts/long.txt": "Stop.\n"})
    assert [stale(), stale()] == [1, 1]
    write(project, {"lab/prompts/long.txt": "Go on.\n"})
    assert stale() == 0


def test_what_is_staged_is_compared_with_what_was_committed(project):
    write(project, {"lab/prompts/long.txt": "Stop.\n"})
    assert "long.txt" not in ask(project, "check", "--staged")
    git(project, "add", "lab")
    assert "lab/prompts/long.txt" in ask(project, "check", "--staged", expect={1})


def test_an_editor_is_told(project):
    live = LiveProject(project)

    def state():
        found = live.take_state({})
        live.finish(found)
        return told(found.snapshot.comparison)

    assert state() == {"short": CURRENT, "long": CURRENT, "words": CURRENT}
    write(project, {"lab/prompts/long.txt": "Stop.\n"})
    assert live.has_other_data()
    assert state() == {"short": CURRENT, "long": ("stale", ["long.txt"]), "words": CURRENT}


@pytest.mark.parametrize(
    ("moved", "content", "counts"),
    [
        ("src/lab/sets/a.csv", "1", []),
        ("src/lab/sets/a.csv", "2", ["lab/sets/a.csv"]),
        ("a.csv", "1", ["lab/sets/a.csv"]),
    ],
)
def test_a_file_that_moved_with_the_code_is_the_same(moved: str, content: str, counts: list[str]) -> None:
    root = Definition("lab.ask.Ask", "instance", "lab/ask.py", 1, 1, "", (), (), (), (("sets/{}.csv", 2),))
    closure = Closure((root,), frozenset(), (), ())
    then, now = DataListing({"lab/sets/a.csv": "1"}), DataListing({moved: content})
    files = FilesByValue(closure, then, now, "lab.ask.Ask", "src/lab/ask.py")
    told = files.told({"kind": "a"}, lambda _: False)
    assert [change.definition for change in told.changes] == counts
