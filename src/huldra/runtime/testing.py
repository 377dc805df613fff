"""A pytest plug-in: each test has a store of its own. Active wherever the library is installed; imports it for nobody.

The option `huldra_store = off` in pytest's configuration turns it off; the fixture `huldra_store` gives the directory.
"""

import sys
from pathlib import Path

import pytest

_CONFIG = "huldra.runtime.config"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the plug-in's option."""
    parser.addini("huldra_store", "each: every test has a huldra store of its own; off: it does not", default="each")


@pytest.fixture
def huldra_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The store of this test; processes that it starts have the same one."""
    from huldra.runtime.config import HULDRA_CONFIG  # noqa: PLC0415  only tests that use experiments pay for it

    store = tmp_path / "data-huldra"
    monkeypatch.setattr(HULDRA_CONFIG, "base_root", store)
    monkeypatch.setenv("HULDRA_PATH", str(store))
    return store


@pytest.fixture(autouse=True)
def _huldra_store_of_each_test(  # pyright: ignore[reportUnusedFunction]  pytest calls it
    request: pytest.FixtureRequest,
) -> None:
    if _CONFIG in sys.modules and request.config.getini("huldra_store") != "off":
        request.getfixturevalue("huldra_store")
