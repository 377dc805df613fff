"""A store, a cache for its index, and times that may be trusted at once."""

import pytest

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
