"""What is called current is what today's code gives: the sample's current runs, made again by running its code."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.plans.config_source import config_source

_ABOUT_THE_RUN = frozenset({".huldra", "submitit"})
"""Directories that say how a run went; all other files are its result."""


def _files(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and not _ABOUT_THE_RUN.intersection(path.relative_to(directory).parts)
    }


def test_current_runs_come_out_the_same(toytext: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(toytext, project, ignore=shutil.ignore_patterns("data-huldra", ".huldra_cache"))
    snapshot = take_snapshot(open_workspace(toytext, root=toytext))
    current = [run for run in snapshot.comparison.runs if run.verdict == "current"]
    assert len(current) > 10
    lines: list[str] = []
    for run in current:
        source = config_source(snapshot.experiments.by_key[run.key].config, snapshot.project.modules)
        assert not source.faults
        lines += [*(f"import {name}" for name in source.imports), f"{source.expression}.load_or_create()"]
    environment = {**os.environ, "HULDRA_PATH": str(tmp_path / "made"), "PYTHONPATH": str(project)}
    subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=project, env=environment, check=True)
    for run in current:
        assert _files(tmp_path / "made" / run.run.path) == _files(toytext / "data-huldra" / run.run.path), run.key
        assert _files(tmp_path / "made" / run.run.path)
