"""Which commit last changed a definition since a run was made."""

import pytest
from msgspec.structs import replace

from huldra.sources.last_change import Commit, LastChange, last_change
from huldra.sources.repository import open_repository
from tests.unit.git_builder import commit, git, listing, new_repository

FIRST = "import math\n\n\ndef loss(x):\n    return x\n\n\ndef other(x):\n    return -x\n"
SECOND = FIRST.replace("return x\n", "return x * 2\n")
THIRD = "import os\n\n\n" + SECOND.replace("return -x", "return -2 * x")
LOSS_IN_FIRST, LOSS_IN_THIRD, OTHER_IN_THIRD = (4, 5), (7, 8), (11, 12)


@pytest.fixture
def history(tmp_path):
    """Three commits; the second changes `loss`, the third moves it down and changes `other`."""
    place = new_repository(tmp_path / "project")
    texts = (FIRST, SECOND, THIRD)
    subjects = ("begin", "Double the loss: änderung", "Other sign")
    made = [
        commit(place, {"sub/a.py": text, "sub/b.py": ""}, subject)
        for text, subject in zip(texts, subjects, strict=True)
    ]
    return place, open_repository(place / "sub"), made


def test_the_commit_that_changed_a_definition(history):
    place, repository, (first, second, third) = history
    before = listing(place)
    found = last_change(repository, "a.py", first, LOSS_IN_THIRD)
    assert found == LastChange(Commit(second, "Ada", "2026-01-02T03:04:05+00:00", "Double the loss: änderung"))
    assert last_change(repository, "a.py", first, OTHER_IN_THIRD).commit.id == third
    assert last_change(repository, "a.py", first).commit.id == third
    assert last_change(repository, "a.py", second, LOSS_IN_THIRD) == LastChange(None)
    assert listing(place) == before


def test_lines_are_those_of_the_text_as_it_is_now(history):
    _, repository, (first, second, _) = history
    moved = "# one\n# two\n" + THIRD
    assert last_change(repository, "a.py", first, (9, 10), moved).commit.id == second
    assert last_change(repository, "a.py", first, (9, 10), moved).is_uncommitted is False
    crlf = moved.replace("\n", "\r\n")
    assert last_change(repository, "a.py", first, (9, 10), crlf) == last_change(
        repository, "a.py", first, (9, 10), moved
    )


def test_edits_that_are_not_committed(history):
    _, repository, (first, second, third) = history
    edited = THIRD.replace("return x * 2", "return x * 3")
    found = last_change(repository, "a.py", first, LOSS_IN_THIRD, edited)
    assert (found.commit.id, found.is_uncommitted) == (second, True)
    assert last_change(repository, "a.py", third, LOSS_IN_THIRD, edited) == LastChange(None, is_uncommitted=True)
    assert last_change(repository, "a.py", first, OTHER_IN_THIRD, edited).is_uncommitted is False
    added = THIRD + "\n\ndef new(x):\n    return x\n"
    assert last_change(repository, "a.py", first, (15, 16), added) == LastChange(None, is_uncommitted=True)
    assert last_change(repository, "new.py", first, (1, 2), "x = 1\ny = 2\n") == LastChange(None, is_uncommitted=True)


def test_a_file_that_is_gone(history):
    place, repository, (first, *_) = history
    git(place, "rm", "--quiet", "sub/a.py")
    removed = commit(place, {}, "Away with it")
    assert last_change(repository, "a.py", first).commit.id == removed
    # Its lines cannot be followed any more.
    assert last_change(repository, "a.py", first, LOSS_IN_THIRD).commit.id == removed


def test_odd_names_are_names(tmp_path):
    place = new_repository(tmp_path / "project")
    first = commit(place, {"a [1]*.py": "x = 1\n", "a 1.py": "x = 1\n"})
    second = commit(place, {"a [1]*.py": "x = 2\n"})
    commit(place, {"a 1.py": "x = 2\n"})
    repository = open_repository(place)
    assert last_change(repository, "a [1]*.py", first).commit.id == second
    assert last_change(repository, "a [1]*.py", first, (1, 1)).commit.id == second


def test_what_git_cannot_tell(history):
    _, repository, (first, *_) = history
    assert last_change(repository, "a.py", "0" * 40) == LastChange(None)
    assert last_change(repository, "a.py", "--all") == LastChange(None)
    assert last_change(repository, "nothing.py", first) == LastChange(None)
    assert last_change(repository, "a.py", first, LOSS_IN_THIRD, seconds=0) == LastChange(None)
    assert last_change(replace(repository, root=repository.root / "gone"), "a.py", first) == LastChange(None)
