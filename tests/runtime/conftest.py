"""Fixtures of the runtime's tests: each has its own store, no repository is looked at, nothing waits long."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from huldra.runtime.config import HULDRA_CONFIG
from tests.runtime.experiments import CALLS

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def store(huldra_store, tmp_path, monkeypatch):
    """The store of a test, which runs in an empty working directory."""
    monkeypatch.setattr(HULDRA_CONFIG, "poll_interval", 0.02)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    CALLS.clear()
    return huldra_store


@pytest.fixture
def python(store):
    """Start Python code that can import the tests' experiments."""
    started = []

    def start(code, **environment):
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "HULDRA_PATH": str(store), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def run_python(python):
    """Run Python code to its end; return what it prints."""

    def run(code, *, exit_code=0, **environment):
        process = python(code, **environment)
        output, errors = process.communicate(timeout=60)
        assert process.returncode == exit_code, errors
        return output + errors if exit_code else output

    return run
