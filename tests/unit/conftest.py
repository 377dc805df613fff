"""A store, a cache for its index, times that may be trusted at once; repositories as the analysis opens them."""

import pytest

from huldra.sources.repository import Repository, open_repository
from huldra.stored_runs.index import marks
from tests.unit.changing_stores import LATER_NS


@pytest.fixture
def settled(monkeypatch):
    """Everything read is old enough to be trusted. Changes must then be some ticks of the clock apart: see `tick`."""
    monkeypatch.setattr(marks, "SETTLED_AFTER_NS", -LATER_NS)


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def opened():
    """Opens repositories as the analysis does, and closes them again."""
    kept = []

    def open_at(root) -> Repository:
        found = open_repository(root)
        assert isinstance(found, Repository), found
        kept.append(found)
        return found

    yield open_at
    for repository in kept:
        repository.close()
