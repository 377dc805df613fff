"""Runs of a project's experiments, made really, with our runtime, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path


def run_really(root: Path, code: str, *installed: Path, keeps_sources: bool = True) -> None:
    """Run code in a project, whose store lies in it.

    Args:
        root: The project.
        code: What is run.
        installed: Directories of packages that are installed, so to speak.
        keeps_sources: Whether the runs keep what they recorded of the sources that they loaded.
    """
    path = os.pathsep.join([str(root), *map(str, installed), *filter(None, sys.path)])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    environment["HULDRA_PATH"] = str(root / "data-huldra")
    subprocess.run([sys.executable, "-c", code], cwd=root, env=environment, check=True, capture_output=True)
    if not keeps_sources:
        for record in (root / "data-huldra").rglob("sources.json"):
            record.unlink()
