"""The code that a run was made with: of the sample's runs, and of runs that recorded their sources."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from huldra.analysis.code_then import CodeThen
from huldra.analysis.disk_cache import DiskCache, NoCache
from huldra.formats.layout import source_text_file
from huldra.sources import patched_files
from huldra.sources.code_files import FilesOver, NoFilesThen
from huldra.sources.documents import Unreadable
from huldra.sources.repository import Repository, open_repository
from huldra.stored_runs.read import read_store
from tests.unit.git_builder import commit, git, listing, new_repository, recorded_patch, write
from tests.unit.test_stored_runs_builder import make_good_run, metadata, only_run

TRUTH = json.loads((Path(__file__).parents[2] / "fixtures" / "toytext" / "truth.json").read_text())
NO_REPOSITORY = NoFilesThen("no-repository", "there is none")
FIRST_CONTENT = "x = 'as recorded'\n"


def files_then(store, run, repository):
    return CodeThen(store, lambda: repository, NoCache())(run)


@pytest.fixture(scope="module")
def sample(toytext):
    repository = open_repository(toytext)
    before = listing(toytext / ".git")
    store = toytext / "data-huldra"
    yield repository, {run.path: files_then(store, run, repository) for run in read_store(store).runs}
    repository.close()
    assert listing(toytext / ".git") == before


def test_every_run_of_the_sample_has_its_code(sample):
    repository, answers = sample
    assert sorted(answers) == sorted(run["dir"] for run in TRUTH["runs"])
    for run in TRUTH["runs"]:
        then = answers[run["dir"]]
        assert then.doubts == ()
        clean = repository.files_of(run["commit"])
        assert (then.identity == clean.tree) is not run["dirty"]
        for name, identity in then.files.items():
            if identity == clean.files.get(name):
                assert then.read(name).text.encode() == git_bytes(repository.root, f"{run['commit']}:{name}")


def git_bytes(root: Path, name: str) -> bytes:
    return (git(root, "show", name) + "\n").encode() if git(root, "show", name) else b""


def test_the_dirty_runs_of_the_sample_have_their_changes(sample):
    repository, answers = sample
    for run in (run for run in TRUTH["runs"] if run["dirty"]):
        then, clean = answers[run["dir"]], repository.files_of(run["commit"]).files
        changed = {name for name in then.files if then.files[name] != clean.get(name)}
        assert len(changed) == 1
        (name,) = changed
        assert then.read(name).text != git(repository.root, "show", f"{run['commit']}:{name}") + "\n"


def keep_copy(store: Path, text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()
    path = source_text_file(store, digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode()))
    return digest


def sources(files: dict[str, str], **other: object) -> str:
    fields = {"schema_version": 1, "python": "3.12.1", "root_marker": ".git", "entry": None, "distributions": {}}
    return json.dumps({**fields, "files": files, **other})


def record_sources(store: Path, text: str) -> None:
    run = only_run(store)
    (store / run.path / ".huldra" / "sources.json").write_text(text)


def read_all(then) -> dict[str, object]:
    return {name: getattr(found := then.read(name), "text", found) for name in then.files}


@pytest.fixture
def project(tmp_path):
    return new_repository(tmp_path / "project")


def test_recorded_sources_count_before_the_commit(project, tmp_path):
    store = tmp_path / "store"
    made = commit(project, {"a.py": "x = 'committed'\n", "lazy.py": "y = 1\n"})
    make_good_run(store, metadata_json=metadata(git_commit=made, git_patch="<ignored-diff>"))
    record_sources(store, sources({"a.py": keep_copy(store, FIRST_CONTENT)}))
    then = files_then(store, only_run(store), open_repository(project))
    assert (read_all(then), then.doubts) == ({"a.py": FIRST_CONTENT, "lazy.py": "y = 1\n"}, ())


def test_recorded_sources_without_their_commit(tmp_path):
    store = tmp_path / "store"
    make_good_run(store)
    digest = keep_copy(store, FIRST_CONTENT)
    record_sources(store, sources({"a.py": digest, "b.py": digest}, changed_since_start=["b.py"]))
    then = files_then(store, only_run(store), NO_REPOSITORY)
    assert read_all(then) == {"a.py": FIRST_CONTENT, "b.py": FIRST_CONTENT}
    assert then.doubts == (
        "b.py was modified after the process had started",
        "only files that were loaded are recorded, and the commit they belong to cannot be read",
    )


@pytest.mark.parametrize(
    ("recorded", "root", "expected"),
    [
        ("pkg/a.py", "", "sub/pkg/a.py"),  # the recorded root is a project inside the analysed one
        ("sub/pkg/a.py", "sub", "pkg/a.py"),  # the recorded root is the repository, the analysed one a part of it
        ("pkg/a.py", "sub", "pkg/a.py"),
    ],
)
def test_recorded_names_are_brought_to_the_analysed_root(project, tmp_path, recorded, root, expected):
    store = tmp_path / "store"
    made = commit(project, {"sub/pkg/a.py": "x = 0\n"})
    make_good_run(store, metadata_json=metadata(git_commit=made))
    record_sources(store, sources({recorded: keep_copy(store, FIRST_CONTENT)}))
    then = files_then(store, only_run(store), open_repository(project / root))
    assert read_all(then) == {expected: FIRST_CONTENT}


def test_copies_that_the_store_lacks(project, tmp_path):
    store = tmp_path / "store"
    made = commit(project, {"same.py": FIRST_CONTENT, "other.py": "x = 0\n"})
    make_good_run(store, metadata_json=metadata(git_commit=made))
    digest = hashlib.sha256(FIRST_CONTENT.encode()).hexdigest()
    not_copied = {"same.py": "too large", "other.py": "too large"}
    record_sources(store, sources({"same.py": digest, "other.py": digest}, not_copied=not_copied))
    then = files_then(store, only_run(store), open_repository(project))
    assert read_all(then) == {"same.py": FIRST_CONTENT, "other.py": Unreadable("the store keeps no copy of it")}


def test_a_damaged_copy_is_not_believed(tmp_path):
    store = tmp_path / "store"
    make_good_run(store)
    digest = keep_copy(store, FIRST_CONTENT)
    record_sources(store, sources({"a.py": digest}))
    then = files_then(store, only_run(store), NO_REPOSITORY)
    path = source_text_file(store, digest)
    path.write_bytes(gzip.compress(b"x = 'other'\n"))
    assert then.read("a.py") == Unreadable("does not hold what its name says")
    path.write_bytes(b"no gzip")
    assert then.read("a.py").reason.startswith("is not gzip")


def test_damaged_records(tmp_path):
    store = tmp_path / "store"
    make_good_run(store)
    record_sources(store, "{")
    answer = files_then(store, only_run(store), NO_REPOSITORY)
    assert (answer.code, answer.message.split(":")[0]) == ("record-damaged", "sources.json")


def test_an_ignored_diff_is_a_doubt(project, tmp_path):
    store = tmp_path / "store"
    made = commit(project, {"a.py": "x = 0\n"})
    make_good_run(store, metadata_json=metadata(git_commit=made, git_patch="<ignored-diff>"))
    then = files_then(store, only_run(store), open_repository(project))
    assert read_all(then) == {"a.py": "x = 0\n"}
    assert then.doubts == ("the run was told to record no diff, so its working tree may have differed from its commit",)


def test_a_patch_beside_the_metadata(project, tmp_path, monkeypatch):
    store = tmp_path / "store"
    made = commit(project, {"a.py": "x = 0\n"})
    write(project, {"a.py": "x = 1\n"})
    make_good_run(store, metadata_json=metadata(git_commit=made, git_patch="<patch-beside>"))
    run = only_run(store)
    assert (run.provenance.is_dirty, run.notes) == (True, ())
    repository = open_repository(project)
    assert files_then(store, run, repository).message.startswith("git.patch: is missing")
    (store / run.path / ".huldra" / "git.patch").write_text(recorded_patch(project, monkeypatch))
    assert read_all(files_then(store, run, repository)) == {"a.py": "x = 1\n"}


def test_nothing_was_recorded(tmp_path):
    store = tmp_path / "store"
    make_good_run(store, metadata_json=metadata(git_commit="<no-git>", git_patch="<no-git>"))
    answer = files_then(store, only_run(store), NO_REPOSITORY)
    assert answer.code == "commit-not-recorded"


def test_no_repository(tmp_path):
    store = tmp_path / "store"
    make_good_run(store)
    assert files_then(store, only_run(store), NO_REPOSITORY) == NO_REPOSITORY


def recorded_run(store: Path, made: str, files: dict[str, str]):
    make_good_run(store, metadata_json=metadata(git_commit=made))
    record_sources(store, sources(files))
    return only_run(store)


def test_a_run_that_recorded_what_its_commit_says_has_the_code_of_its_commit(project, tmp_path):
    made = commit(project, {"a.py": FIRST_CONTENT, "pkg/b.py": "y = 1\n"})
    run = recorded_run(tmp_path / "store", made, {"a.py": hashlib.sha256(FIRST_CONTENT.encode()).hexdigest()})
    then = files_then(tmp_path / "store", run, open_repository(project))
    clean = open_repository(project).files_of(made)
    assert (then.identity, dict(then.files)) == (clean.tree, dict(clean.files))
    assert read_all(then) == {"a.py": FIRST_CONTENT, "pkg/b.py": "y = 1\n"}  # though the store keeps no copy


def test_runs_that_recorded_the_same_have_the_same_code(project, tmp_path):
    made = commit(project, {"a.py": "x = 0\n", "b.py": "y = 0\n", "c.py": "z = 0\n"})
    same = hashlib.sha256(b"y = 0\n").hexdigest()

    def state(name: str, files: dict[str, str]):
        store = tmp_path / name
        named = {file: keep_copy(store, text) if len(text) < 20 else text for file, text in files.items()}
        return files_then(store, recorded_run(store, made, named), open_repository(project))

    one, other = state("1", {"a.py": "x = 1\n"}), state("2", {"a.py": "x = 1\n", "b.py": same})
    assert one == other
    assert read_all(one) == {"a.py": "x = 1\n", "b.py": "y = 0\n", "c.py": "z = 0\n"}
    further = [state("3", {"a.py": "x = 2\n"}), state("4", {"b.py": "x = 1\n"}), state("5", {"new.py": "x = 1\n"})]
    assert len({one.identity, *(each.identity for each in further)}) == 4
    assert list(further[2].files) == ["a.py", "b.py", "c.py", "new.py"]


def test_what_a_content_of_the_repository_is_called_is_kept(project, tmp_path, monkeypatch):
    made = commit(project, {"a.py": FIRST_CONTENT})
    store = tmp_path / "store"
    run = recorded_run(store, made, {"a.py": hashlib.sha256(FIRST_CONTENT.encode()).hexdigest()})
    read: list[str] = []
    monkeypatch.setattr(
        Repository, "read_blob", lambda self, name, found=Repository.read_blob: read.append(name) or found(self, name)
    )
    for times in (1, 1):
        cache = DiskCache(tmp_path)
        code_then = CodeThen(store, lambda: open_repository(project), cache)
        assert code_then(run) == code_then(run)
        code_then.save()
        cache.save()
        cache.close()
        assert len(read) == times


def test_the_names_of_a_commit_and_of_a_state_over_it(project):
    texts = {"a.py": "1", "b/c/d.py": "2", "b/e.py": "3", "b.py": "4", "z/f.txt": "5", "b/c.py": "6"}
    files = open_repository(project).files_of(commit(project, texts)).files
    names = sorted(name for name in texts if name.endswith(".py"))
    found = {name: files[name] for name in names}  # before all of them were put together
    assert all(files.get(name) is None for name in ("c.py", "b/c", "b/c/e.py", "z/f.txt", "b/c/d", ""))
    assert list(files.items()) == list(found.items())
    over = FilesOver(files, {"b.py": None, "b/c/d.py": "x", "n.py": "y"})
    assert [over.get(name) for name in ("b.py", "b/c/d.py", "n.py", "a.py")] == [None, "x", "y", found["a.py"]]
    assert list(over) == ["a.py", "b/c.py", "b/c/d.py", "b/e.py", "n.py"]
    assert [over.get(name) for name in ("b.py", "b/c/d.py", "n.py", "a.py")] == [None, "x", "y", found["a.py"]]


def test_a_patch_that_was_applied_once_is_known(project, tmp_path, monkeypatch):
    made = commit(project, {"a.py": "x = 0\n", "b.py": "y = 0\n", "notes.txt": "old\n"})
    write(project, {"a.py": "x = 1\n", "notes.txt": "new\n"})
    store = tmp_path / "store"
    make_good_run(store, metadata_json=metadata(git_commit=made, git_patch=recorded_patch(project, monkeypatch)))
    run, applied = only_run(store), []
    real = patched_files.apply_patch
    monkeypatch.setattr(patched_files, "apply_patch", lambda *words: applied.append(1) or real(*words))
    found = []
    for _ in range(2):
        cache = DiskCache(tmp_path)
        then = CodeThen(store, lambda: open_repository(project), cache)(run)
        cache.save()
        cache.close()
        found.append((then.identity, dict(then.files), then.others.identity, then.doubts))
        assert (read_all(then), then.others.read("notes.txt")) == ({"a.py": "x = 1\n", "b.py": "y = 0\n"}, b"new\n")
    assert found[0] == found[1]
    assert len(applied) == 2  # at first, and for the text of what it changes
    then = CodeThen(store, lambda: open_repository(project), DiskCache(tmp_path))(run)
    assert (then.read("b.py").text, len(applied)) == ("y = 0\n", 2)
