"""What is recorded of the code version: in a good repository, in a bad one, and in none."""

import subprocess

import pytest

import huldra
from huldra.runtime.config import HULDRA_CONFIG
from tests.runtime.experiments import Number
from tests.runtime.reading import record_of, result_of
from tests.runtime.vectors import vectors_namespace

CLEAN = "# === unstaged {}\n# === staged {}\n# === untracked {}".format("=" * 50, "=" * 52, "=" * 48)


def git(*words):
    identity = ["-c", "user.name=u", "-c", "user.email=u@example.org"]
    done = subprocess.run(["git", *identity, *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path):
    """The working directory as a repository with one commit and an origin."""
    git("init", "-b", "main")
    (tmp_path / "work" / "a.txt").write_text("one\n")
    git("add", "a.txt")
    git("commit", "-m", "first")
    git("remote", "add", "origin", "https://example.org/toytext.git")
    return tmp_path / "work"


def metadata():
    Number().load_or_create()
    return record_of(Number(), "metadata.json")


@pytest.mark.usefixtures("repository")
def test_a_clean_tree():
    found = metadata()
    assert found["git_commit"] == git("rev-parse", "HEAD")
    assert found["git_branch"] == "main"
    assert found["git_remote"] == "https://example.org/toytext.git"
    assert found["git_patch"] == CLEAN
    assert found["git_submodules"] == {}


def test_each_kind_of_change_is_in_the_patch(repository):
    (repository / "b.txt").write_text("staged\n")
    git("add", "b.txt")
    (repository / "a.txt").write_text("two\n")
    (repository / "ü c.txt").write_text("new\n")
    unstaged, rest = metadata()["git_patch"].split("\n# === staged ")
    staged, untracked = rest.split("\n# === untracked ")
    assert "-one\n+two" in unstaged
    assert "+staged" in staged
    assert "+new" in untracked
    assert "new file mode" in untracked


@pytest.mark.usefixtures("repository")
def test_a_detached_head_is_called_so():
    git("checkout", "--detach")
    assert metadata()["git_branch"] == "HEAD"


@pytest.mark.usefixtures("repository")
def test_the_diff_can_be_ignored(monkeypatch):
    monkeypatch.setattr(HULDRA_CONFIG, "ignore_git_diff", True)
    assert metadata()["git_patch"] == "<ignored-diff>"


def test_no_repository():
    found = metadata()
    assert result_of(Number()) == "success"
    assert {found[key] for key in ("git_commit", "git_branch", "git_remote", "git_patch")} == {"<no-git>"}


@pytest.mark.usefixtures("repository")
def test_no_git(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert metadata()["git_commit"] == "<no-git>"


def test_no_commit(tmp_path):
    git("init", "-b", "main")
    (tmp_path / "work" / "a.txt").write_text("one\n")
    found = metadata()
    assert (found["git_commit"], found["git_branch"], found["git_remote"]) == (
        "<no-commit>",
        "<no-commit>",
        "<no-origin>",
    )
    assert "+one" in found["git_patch"]


@pytest.mark.usefixtures("repository")
def test_no_origin():
    git("remote", "remove", "origin")
    found = metadata()
    assert (found["git_remote"], found["git_branch"]) == ("<no-origin>", "main")


def test_a_large_diff_lies_beside(repository):
    (repository / "a.txt").write_text("".join(f"line {number}\n" for number in range(10_000)))
    assert metadata()["git_patch"] == "<patch-beside>"
    patch = (Number().huldra_dir / ".huldra" / "git.patch").read_text()
    assert len(patch) > 50_000
    assert "+line 9999" in patch
    git("checkout", "a.txt")
    Number().load_or_create(force=True)
    assert not (Number().huldra_dir / ".huldra" / "git.patch").exists(), "it belongs to the attempt before"


def test_a_diff_that_is_no_utf_8_is_recorded(repository):
    (repository / "a.txt").write_bytes(b"gr\xfc\xdfe\n")
    assert "+gr" in metadata()["git_patch"]


def test_a_store_that_git_does_not_ignore_is_no_change(repository):
    huldra.set_huldra_root(repository / "data-huldra")
    Number(n=2).load_or_create()
    assert metadata()["git_patch"] == CLEAN


@pytest.mark.usefixtures("repository")
def test_the_manager_reads_what_was_written():
    Number().load_or_create()
    directory = Number().huldra_dir
    manager = huldra.MetadataManager
    assert manager.read_metadata_raw(directory) == record_of(Number(), "metadata.json")
    assert manager.read_metadata(directory).git_branch == "main"
    assert manager.run_git_command(["rev-parse", "HEAD"]) == manager.collect_git_info().git_commit
    assert manager.create_metadata(Number(), directory).huldra_hash == Number().huldra_hash
    with pytest.raises(FileNotFoundError):
        manager.read_metadata(directory / "nowhere")


def test_a_config_is_recorded_as_the_contract_says():
    space = vectors_namespace()
    expressions = {
        "Scalars(f=math.inf)": {"f": None},
        "EnumNode(stage=Stage.FINAL)": {"mode": "fast", "stage": "final", "prio": 1},
        "Sets(s={1})": {"s": [1]},
        "Blob(data=b'abc')": {"data": "abc"},
        "Dicts(d={10: 'x'})": {"d": {"10": "x"}},
        "WithPydantic()": {"p": {"y": 0.0, "x": 0.0}},
    }
    for expression, expected in expressions.items():
        config = eval(expression, space)  # noqa: S307
        found = huldra.MetadataManager.create_metadata(config, config.huldra_dir).huldra_obj
        assert {key: found[key] for key in expected} == expected
    blob = eval("Blob(data=bytes(range(256)))", space)  # noqa: S307
    assert huldra.MetadataManager.create_metadata(blob, blob.huldra_dir).huldra_obj["data"], "not UTF-8, and no failure"
