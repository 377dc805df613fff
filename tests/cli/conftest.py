"""The command line as a function: words in, exit code and both streams out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from huldra.cli.main import main


@dataclass(frozen=True)
class Answer:
    """What a command gave back."""

    code: int
    out: str
    err: str


Huldra = Callable[..., Answer]


@pytest.fixture
def huldra(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Huldra:
    """Run the command line in this process, in a directory."""
    for name in ("HULDRA_PATH", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str, at: Path | None = None) -> Answer:
        if at is not None:
            monkeypatch.chdir(at)
        capsys.readouterr()
        code = main([str(word) for word in words])
        streams = capsys.readouterr()
        # What a run recorded of its own failure is data.
        assert "Traceback" not in (streams.err if "show" in words[:1] else streams.out + streams.err)
        assert "bug in huldra" not in streams.err
        return Answer(code, streams.out, streams.err)

    return run


LAB = '''"""A lab."""
import os

import huldra


class Train(huldra.Huldra[float]):
    lr: float = 0.1
    seed: int = 0

    def _create(self) -> float:
        return self.lr

    def _load(self) -> float:
        return 1.0


fast = Train(lr=0.5)
both = (Train(lr=1.0), Train(seed=int(os.environ["SEED"])))
'''


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """A small project without a store: one class, two experiments, one dynamic site."""
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "lab.py").write_text(LAB)
    return tmp_path
