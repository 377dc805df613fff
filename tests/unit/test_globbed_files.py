"""Files that a run's code finds by wildcards or by listing a directory, in real projects with real runs."""

import json

import pytest

from huldra.analysis import data_content
from huldra.analysis.host import open_workspace, take_snapshot
from huldra.analysis.live import LiveProject
from huldra.facts.collect import collect_facts
from huldra.fingerprints.file_names import file_mentions
from huldra.formats.globbing import MOST_FILES, TooManyFilesError, entries_of, fixed_directory, found_files
from huldra.sources.git_commands import GitFault
from tests.unit.git_builder import commit, git, new_repository, write
from tests.unit.real_runs import run_really
from tests.unit.test_data_files import ask, judged, stale, verdicts

EXP = """from pathlib import Path

import huldra

PROMPTS = Path(__file__).parent / "prompts"


class Ask(huldra.Huldra[str]):
    def _create(self) -> str:
        return "".join(path.read_text() for path in sorted({call}))

    def _load(self) -> str:
        return ""


ASK = Ask()
"""
ONE, TWO, DEEP = "lab/prompts/one.txt", "lab/prompts/two.txt", "lab/prompts/old/three.txt"
CURRENT = ("current", "certain", [])
IGNORED = "data-huldra/\n.huldra_cache/\n__pycache__/\n*.tmp.txt\n"


def new_project(root, call):
    new_repository(root)
    files = {"pyproject.toml": "", "lab/__init__.py": "", "lab/exp.py": EXP.replace("{call}", call)}
    commit(root, {**files, ONE: "1\n", TWO: "2\n", DEEP: "3\n", "lab/prompts/a.md": "a\n", ".gitignore": IGNORED})
    return root


@pytest.fixture
def project(tmp_path):
    return new_project(tmp_path / "project", 'PROMPTS.glob("*.txt")')


def make(root, *, keeps_sources=True):
    run_really(root, "from lab.exp import ASK; ASK.load_or_create()", keeps_sources=keeps_sources)


def run_of(root):
    (run,) = take_snapshot(open_workspace(root, root=root)).comparison.runs
    return run


def verdict(root):
    return judged(run_of(root))


@pytest.mark.parametrize("keeps_sources", [True, False])
def test_what_is_found_is_compared(project, keeps_sources):
    make(project, keeps_sources=keeps_sources)
    assert verdict(project) == CURRENT
    write(project, {TWO: "two\n"})
    assert verdict(project) == stale(TWO)
    write(project, {TWO: "2\n", "lab/prompts/a.md": "b\n", DEEP: "4\n"})
    assert verdict(project) == CURRENT
    (project / ONE).unlink()
    assert verdict(project) == stale(ONE)


def test_what_came_since_is_new_unless_git_ignores_it(project):
    make(project)
    write(project, {"lab/prompts/more.tmp.txt": "5\n"})
    assert verdict(project) == CURRENT
    write(project, {"lab/prompts/more.txt": "5\n"})
    assert verdict(project) == stale("lab/prompts/more.txt")
    assert [reason.message for reason in run_of(project).reasons] == [
        "lab/prompts/more.txt is new, named in lab.exp.Ask._create"
    ]
    commit(project, {})
    assert verdict(project) == stale("lab/prompts/more.txt")


def test_what_was_not_committed_is_what_the_run_found(project):
    write(project, {"lab/prompts/more.txt": "5\n"})
    (project / ONE).unlink()
    make(project)
    assert verdict(project) == CURRENT
    commit(project, {})
    assert verdict(project) == CURRENT
    write(project, {ONE: "1\n"})
    assert verdict(project) == stale(ONE)
    (project / ONE).unlink()
    git(project, "rm", "--quiet", "-f", "lab/prompts/more.txt")
    assert verdict(project) == stale("lab/prompts/more.txt")


def test_nothing_is_new_where_only_the_code_was_recorded(project):
    make(project)
    (metadata,) = project.glob("data-huldra/**/metadata.json")
    document = json.loads(metadata.read_text())
    gone = json.dumps(document).replace(git(project, "rev-parse", "HEAD").strip(), "0" * 40)
    metadata.write_text(gone)
    write(project, {"lab/prompts/more.txt": "5\n"})
    assert verdict(project)[0] == "current"


def test_nothing_is_new_where_not_all_files_were_recorded(project):
    write(project, {f"lab/prompts/{number}.txt": "" for number in range(510)})  # ten more than are recorded
    make(project)
    assert verdict(project)[0] == "current"


def test_more_files_than_can_be_compared_are_a_doubt(project):
    write(project, {f"lab/prompts/{number}.txt": "" for number in range(MOST_FILES)})
    make(project)
    run = run_of(project)
    assert (run.verdict, run.certainty) == ("current", "likely")
    (note,) = [note for note in run.notes if note.code == "code-not-followed"]
    assert f"more than {MOST_FILES} files" in note.message


def test_what_has_become_too_many_files_is_a_doubt(project):
    make(project)
    write(project, {f"lab/prompts/{number}.txt": "" for number in range(MOST_FILES)})
    run = run_of(project)
    assert (run.verdict, run.certainty) == ("current", "likely")


def test_a_file_that_comes_where_there_was_none_is_new(tmp_path):
    root = new_project(tmp_path / "project", 'PROMPTS.glob("*.yaml")')
    make(root)
    assert verdict(root) == CURRENT
    write(root, {"lab/prompts/one.yaml": "1\n"})
    assert verdict(root) == stale("lab/prompts/one.yaml")


def test_what_git_does_not_list_is_a_doubt(project, monkeypatch):
    make(project)
    real = data_content.ask_git

    def ask_git(root, *words):
        return GitFault("git ls-files took more than 60 s") if words[0] == "ls-files" else real(root, *words)

    monkeypatch.setattr(data_content, "ask_git", ask_git)
    run = run_of(project)
    assert (run.verdict, run.certainty) == ("current", "likely")
    assert [note for note in run.notes if "took more than 60 s" in note.message]


def test_a_directory_that_a_value_names_is_that_runs(tmp_path):
    root = new_project(tmp_path / "project", '(PROMPTS / self.kind).glob("*.txt")')
    text = (
        (root / "lab/exp.py")
        .read_text()
        .replace("class Ask(huldra.Huldra[str]):", "class Ask(huldra.Huldra[str]):\n    kind: str")
    )
    commit(root, {"lab/exp.py": text.replace("Ask()", 'Ask(kind="old")'), "lab/prompts/new/four.txt": "4\n"})
    make(root)
    write(root, {"lab/prompts/new/four.txt": "four\n"})
    assert verdict(root) == CURRENT
    write(root, {DEEP: "three\n"})
    assert verdict(root) == stale(DEEP)


def test_settings_say_which_of_them_do_not_count(project):
    make(project)
    write(project, {"huldra.toml": 'exclude = ["lab/prompts/two.txt"]\n', TWO: "two\n"})
    assert verdict(project) == CURRENT
    write(project, {ONE: "one\n"})
    assert verdict(project) == stale(ONE)


@pytest.mark.parametrize(
    "call",
    [
        'PROMPTS.rglob("*.txt")',
        'PROMPTS.glob("**/*.txt")',
        'Path("lab/prompts").glob("**/*.txt")',
        '(Path(__file__).parent / "prompts").rglob("*.txt")',
        'Path(__file__).resolve().parent.glob("*/*/*.txt")',
        'map(Path, glob.glob("lab/prompts/*/*.txt"))',
        'map(Path, glob.glob(os.path.join("lab", "prompts", "**", "*.txt"), recursive=True))',
        '(Path("lab/prompts/old") / name for name in os.listdir("lab/prompts/old"))',
        'Path("lab/prompts/old").iterdir()',
    ],
)
def test_however_they_are_found(tmp_path, call):
    root = new_project(tmp_path / "project", call)
    text = (root / "lab/exp.py").read_text()
    commit(root, {"lab/exp.py": f"import glob\nimport os\n{text}"})
    make(root)
    assert verdict(root) == CURRENT
    write(root, {DEEP: "three\n"})
    assert verdict(root) == stale(DEEP)
    write(root, {DEEP: "3\n", "lab/prompts/old/four.txt": "4\n"})
    assert verdict(root) == stale("lab/prompts/old/four.txt")


def test_an_editor_sees_that_a_file_has_come(project):
    make(project)
    live = LiveProject(project)

    def state():
        (run,) = live.take_state({}).snapshot.comparison.runs
        return judged(run)

    assert state() == CURRENT
    assert not live.has_other_data()
    write(project, {"lab/prompts/more.txt": "5\n"})
    assert live.has_other_data()
    assert state() == stale("lab/prompts/more.txt")
    write(project, {".gitignore": f"{IGNORED}more.txt\n"})
    assert live.has_other_data()
    assert state() == CURRENT


@pytest.mark.parametrize("words", [("analyze", "--format", "json"), ("runs", "--format", "json")])
def test_answers_that_are_kept_follow_from_what_is_found(project, words):
    make(project)
    assert [verdicts(project, words), verdicts(project, words)] == [["current"], ["current"]]
    write(project, {"lab/prompts/more.txt": "5\n"})
    assert verdicts(project, words) == ["stale"]
    write(project, {".gitignore": f"{IGNORED}more.txt\n"})  # which no code is, and which says what is new
    assert verdicts(project, words) == ["current"]


def test_a_hook_that_knew_of_nothing_new_sees_a_file_that_has_come(project):
    make(project)
    nothing = ask(project, "check", "--staged")
    commit(project, {"README.md": "more\n"})
    assert ask(project, "check", "--staged") == nothing
    write(project, {"lab/prompts/more.txt": "5\n"})
    git(project, "add", "lab/prompts/more.txt")
    assert "lab/prompts/more.txt" in ask(project, "check", "--staged")


def mentioned(text):
    statements = [statement for piece in collect_facts(text).pieces for statement in piece.facts.statements]
    return [mention.text for mention in file_mentions(statements) if "*" in mention.text]


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ('Path("a").glob("*.txt")', "a/*.txt"),
        ('(ROOT / "a" / "b").glob("x-?.txt")', None),
        ('(ROOT / "a" / "b").glob("x-*.txt")', "a/b/x-*.txt"),
        ('DATA.rglob("*.csv")', "**/*.csv"),
        ("DATA.iterdir()", "*"),
        ("os.listdir(ROOT)", "*"),
        ('self.raw_dir.glob("*.csv")', None),
        ('(self.huldra_dir / "parts").glob("*.csv")', None),
        ('glob.glob("*.csv")', None),
        ('glob.iglob("a/*.csv")', "a/*.csv"),
        ('glob("a/*.csv")', "a/*.csv"),
        ('os.walk("a")', "a/**/*"),
        ('Path("/data").glob("*.csv")', None),
        ('Path.home().glob("a/*.csv")', "a/*.csv"),
        ('DATA.glob(f"{name}.*")', "{}.*"),
        ('(DATA / name).glob("*.csv")', "{}/*.csv"),
        ('(DATA / name / kind).glob("*.csv")', None),
        ('glob.glob(f"{DATA}/*.csv")', "*.csv"),
        ('glob.glob(f"{DATA}/a/*.csv")', "a/*.csv"),
        ('glob.glob(DATA + "/*.csv")', "*.csv"),
        ('glob.glob(str(DATA) + "/a-*.csv")', "a-*.csv"),
        ('glob.glob(f"a/{name}/*.csv")', "a/{}/*.csv"),
        ('glob.glob(f"{self.raw_dir}/*.csv")', None),
        ('glob.glob(str(self.huldra_dir) + "/*.csv")', None),
        ('table.glob("plain.csv")', None),
        ('Path(__file__).parent.glob("*.csv")', "./*.csv"),
        ('Path(__file__).parent.parent.glob("*.csv")', "*.csv"),
    ],
)
def test_what_calls_find(text, pattern):
    assert mentioned(f"value = {text}") == ([] if pattern is None else [pattern])


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ('folder.glob("*.csv")', ["*.csv", "{}/*.csv"]),
        ('Path(folder).glob("a/*.csv")', ["a/*.csv", "{}/a/*.csv"]),
        # What a function is given, which may join it.
        ('asset("labels").iterdir()', ["labels/*", "{}/labels/*"]),
        ('asset("labels", "old").glob("*.txt")', ["*.txt", "labels/old/*.txt", "{}/labels/old/*.txt"]),
        ('os.listdir(asset("labels"))', ["labels/*", "{}/labels/*"]),
        ('load_from_disk(asset("labels"))', ["labels/**/*", "{}/labels/**/*"]),
        ('os.listdir(options.get("labels"))', []),
        ('tree("labels").walk()', []),
        ('asset("labels", name()).iterdir()', []),
        ('(DATA / Path(__file__).stem).glob("*.txt")', ["{__file__}/*.txt"]),
        ("self.folder.iterdir()", ["{}/*"]),
        ("os.listdir(folder)", ["{}/*"]),
        ("os.walk(self.folder)", ["{}/**/*"]),
        ('(folder / "a").rglob("*.csv")', ["a/**/*.csv", "{}/a/**/*.csv"]),
        ('folders[0].rglob("*.csv")', ["**/*.csv", "{}/**/*.csv"]),
        ("ast.walk(tree)", []),
        ("walk(tree)", []),
        ("folder.walk()", ["{}/**/*"]),
        # What a library reads whole.
        ('ImageFolder("data/faces")', ["data/faces/**/*"]),
        ("ImageFolder(root=str(DATA), transform=crop)", ["**/*"]),
        ("AutoModel.from_pretrained(self.folder)", ["{}/**/*"]),
        ('load_from_disk(DATA / "sets")', ["sets/**/*"]),
        ("load_from_disk(self.raw_dir)", []),
        ('load_dataset("csv", data_dir="data/sets", split="test")', ["csv/**/*", "data/sets/**/*"]),
        ('Store(root="data")', []),
    ],
)
def test_what_finds_files_in_a_directory_that_is_given(text, patterns):
    assert mentioned(f"value = {text}") == patterns


def test_wildcards():
    names = ["a.txt", "b/a.txt", "b/c/a.txt", "b/c/d.md", "b/.a.txt", "bc/a.txt"]
    entries = entries_of(names)
    assert found_files("*.txt", entries) == ("a.txt",)
    assert found_files("b/*.txt", entries) == ("b/.a.txt", "b/a.txt")
    assert found_files("**/a.txt", entries) == ("a.txt", "b/a.txt", "b/c/a.txt", "bc/a.txt")
    assert found_files("b/**", entries) == ("b/.a.txt", "b/a.txt", "b/c/a.txt", "b/c/d.md")
    assert found_files("b*/[a-c]/*", entries) == ("b/c/a.txt", "b/c/d.md")
    assert found_files("b/?/d.*", entries) == ("b/c/d.md",)
    assert found_files("gone/*", entries) == ()
    assert [fixed_directory(text) for text in ("*.txt", "a/b/*.txt", "a/*/b/*")] == ["", "a/b", "a"]
    with pytest.raises(TooManyFilesError):
        found_files("*", entries_of(map(str, range(MOST_FILES + 1))))
