"""A sample project and a server of its own for each test that may change it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.protocol.client import Client


@pytest.fixture
def project(toytext: Path, tmp_path: Path) -> Path:
    """A copy of the sample project that a test may change."""
    target = tmp_path / "toytext"
    shutil.copytree(toytext, target, symlinks=True)
    return target


@pytest.fixture(autouse=True)
def no_store_of_mine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HULDRA_PATH", raising=False)


@pytest.fixture
def editor(project: Path) -> Iterator[Client]:
    """An editor that has opened the project."""
    with Client(project) as client:
        client.initialize(project)
        yield client
        faults = [note for note in client.notes if note["method"] == "window/logMessage"]
        assert not faults
        assert client.leave() == 0
