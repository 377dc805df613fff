"""What is known of a commit by the index is what its trees say, and so is what is known of others by that."""

import os
import random
import subprocess
from pathlib import Path

import pytest

from huldra.sources.index_files import Index, know_commit, read_index
from huldra.sources.repository import CommitFiles, Repository, open_repository
from tests.unit.git_builder import ENVIRONMENT, commit, git, new_repository

NAMES = (
    "a.py",
    "b.py",
    "c.txt",
    "pkg/__init__.py",
    "pkg/a.py",
    "pkg/deep/x.py",
    "pkg/deep/y.so",
    "pkg/deep.py",
    "pkg/ü.py",
    "pkg2/a.py",
    "p/k.pyx",
    "n/only.txt",
)
TEXTS = ("", "x = 1\n", "x = 2\n", "x = 3\n")


def changed(place: Path, chance: random.Random) -> None:
    """Effect: stage some changes: files come, go, become others, or directories."""
    for _ in range(chance.randrange(1, 5)):
        name = chance.choice(NAMES)
        path = place / name
        match chance.choice(["write", "write", "write", "remove", "announce", "directory", "executable"]):
            case "remove":
                git(place, "rm", "--quiet", "--cached", "--ignore-unmatch", "-r", name)
                continue
            case "announce":
                path = place / f"announced{chance.randrange(100)}.py"
                path.write_text("n = 1\n")
                git(place, "add", "--intent-to-add", path.name)
                continue
            case "directory":
                identity = _written(place, "d = 1\n")
                git(place, "rm", "--quiet", "--cached", "--ignore-unmatch", "-r", "a.py")
                git(place, "update-index", "--add", "--replace", "--cacheinfo", f"100644,{identity},a.py/inside.py")
            case "executable":
                identity = _written(place, chance.choice(TEXTS))
                git(place, "update-index", "--add", "--replace", "--cacheinfo", f"100755,{identity},{name}")
            case _:
                identity = _written(place, chance.choice(TEXTS))
                git(place, "update-index", "--add", "--replace", "--cacheinfo", f"100644,{identity},{name}")


def _written(place: Path, text: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(place), "hash-object", "-w", "--stdin"],
        input=text.encode(),
        env=ENVIRONMENT,
        check=True,
        capture_output=True,
    )
    return done.stdout.decode().strip()


def knowing(place: Path, commit: str) -> Repository:
    repository = open_repository(place)
    assert isinstance(repository, Repository)
    index = read_index(repository)
    assert isinstance(index, Index)
    know_commit(repository, commit, index)
    return repository


def is_known(repository: Repository) -> bool:
    return bool(repository._known)


def by_trees(place: Path, commit: str) -> CommitFiles:
    found = open_repository(place).files_of(commit)
    assert isinstance(found, CommitFiles)
    return found


def check(place: Path, commits: list[str], known: str) -> None:
    repository = knowing(place, known)
    for each in (known, *commits):
        expected = by_trees(place, each)
        found = repository.files_of(each)
        assert found == expected
        assert list(found.files) == list(expected.files)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("below", ["", "pkg"])
def test_whatever_is_staged(tmp_path: Path, seed: int, below: str) -> None:
    chance, place = random.Random(seed), new_repository(tmp_path / "project")
    commits = [commit(place, {"pkg/a.py": "x = 0\n", "pkg/keep.py": ""})]
    root = place / below
    for _ in range(4):
        changed(place, chance)
        assert is_known(knowing(root, commits[-1]))
        check(root, commits, commits[-1])
        check(root, commits, commits[0])
        git(place, "commit", "--quiet", "--allow-empty", "-m", "a change")
        commits.append(git(place, "rev-parse", "HEAD"))
    check(root, commits, commits[-1])


def test_where_it_cannot_be_told_the_trees_are_read(tmp_path: Path) -> None:
    place = new_repository(tmp_path / "project")
    first = commit(place, {"a.py": "x = 0\n", "pkg/b.py": "y = 1\n"})
    (place / "link.py").symlink_to("a.py")
    second = commit(place, {})
    assert not is_known(knowing(place, second)), "a link to code"
    check(place, [first], second)
    git(place, "rm", "--quiet", "--cached", "link.py")
    assert not is_known(knowing(place, second)), "a link to code that is gone from the index"
    assert is_known(knowing(place, first))
    check(place, [second], first)
    git(place, "config", "diff.ignoreSubmodules", "all")
    git(place, "update-index", "--add", "--cacheinfo", f"160000,{first},inner")
    check(place, [second], first)
    git(place, "commit", "--quiet", "-m", "with a submodule")
    third = git(place, "rev-parse", "HEAD")
    assert not is_known(knowing(place, third)), "a submodule"
    git(place, "rm", "--quiet", "--cached", "inner")
    assert not is_known(knowing(place, third)), "a submodule that is gone from the index"


def test_a_merge_that_is_not_settled(tmp_path: Path) -> None:
    place = new_repository(tmp_path / "project")
    commit(place, {"a.py": "x = 0\n"})
    git(place, "checkout", "--quiet", "-b", "side")
    commit(place, {"a.py": "x = 1\n"})
    git(place, "checkout", "--quiet", "main")
    ours = commit(place, {"a.py": "x = 2\n"})
    subprocess.run(["git", "-C", str(place), "merge", "side"], env=ENVIRONMENT, check=False, capture_output=True)
    assert not is_known(knowing(place, ours))
    check(place, [], ours)


def test_names_that_are_no_text(tmp_path: Path) -> None:
    place = new_repository(tmp_path / "project")
    first = commit(place, {"a.py": "x = 0\n"})
    (place / os.fsdecode(b"b\xff.py")).write_text("y = 1\n")
    second = commit(place, {"d.py": "z = 1\n"})
    for known, other in ((first, second), (second, first)):
        assert is_known(knowing(place, known))
        check(place, [other], known)
