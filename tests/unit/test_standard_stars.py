"""What a star import takes from the standard library: asked of it alone, whatever lies where one starts."""

import sys

import pytest

from huldra.project.standard_stars import standard_names


@pytest.fixture(autouse=True)
def _forgets():
    standard_names.cache_clear()
    yield
    standard_names.cache_clear()


def test_names_of_the_standard_library():
    assert {"ClassVar", "Generic"} <= set(standard_names("typing") or ())
    assert "sqrt" in (standard_names("math") or ())
    assert standard_names("antigravity") is None
    assert standard_names("numpy") is None


def test_a_file_of_that_name_is_not_imported(tmp_path, monkeypatch):
    (tmp_path / "statistics.py").write_text("raise SystemExit('user code was run')")
    monkeypatch.delitem(sys.modules, "statistics", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    assert standard_names("statistics") is None
