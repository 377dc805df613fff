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


MANIFEST = """{
  "experiments": [
    {
      "name": "slow",
      "class": "toytext.train.LogReg",
      "config": {
        "lr": 0.75,
        "data": {"__class__": "toytext.tokenizer.Tokenized", "clean": {"__class__": "toytext.preprocess.Clean"},
                 "vocab": {"__class__": "toytext.tokenizer.Vocab", "clean": {"__class__": "toytext.preprocess.Clean"}}}
      }
    }
  ]
}
"""


@pytest.fixture
def manifest(project: Path) -> Path:
    """A manifest of the project with one entry; ask for it before `editor`."""
    path = project / "experiments.json"
    path.write_text(MANIFEST, encoding="utf-8")
    settings = project / "pyproject.toml"
    before = settings.read_text(encoding="utf-8") if settings.exists() else ""
    settings.write_text(f'{before}\n[tool.huldra]\nmanifests = ["experiments.json"]\n', encoding="utf-8")
    return path


@pytest.fixture
def editor(project: Path) -> Iterator[Client]:
    """An editor that has opened the project."""
    with Client(project) as client:
        client.initialize(project)
        yield client
        faults = [note for note in client.notes if note["method"] == "window/logMessage"]
        assert not faults
        assert client.leave() == 0
