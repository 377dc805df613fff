"""What tests of more than one folder share."""

import signal
from pathlib import Path

import pytest

from fixtures.demo import unpack


def pytest_configure() -> None:
    """Undo what a shell does to its background jobs, so that a Ctrl-C of a test reaches the processes it starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="put the engine's answers into the case files")


@pytest.fixture(scope="session")
def toytext(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample project at HEAD with its stored runs; read it, and leave it as it is."""
    target = tmp_path_factory.mktemp("sample") / "toytext"
    unpack(target)
    return target
