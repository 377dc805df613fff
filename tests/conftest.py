"""What tests of more than one folder share."""

from pathlib import Path

import pytest

from fixtures.demo import unpack


@pytest.fixture(scope="session")
def toytext(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample project at HEAD with its stored runs; read it, and leave it as it is."""
    target = tmp_path_factory.mktemp("sample") / "toytext"
    unpack(target)
    return target
