"""The sample project that is edited, with its runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ZOO = Path(__file__).parents[2] / "fixtures" / "zoo"


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, committed, with its runs."""
    root = tmp_path_factory.mktemp("zoo") / "zoo"
    shutil.copytree(ZOO, root, ignore=shutil.ignore_patterns("__pycache__", ".huldra_cache"))
    (root / ".gitignore").write_text("store\n__pycache__\n.huldra_cache\n")
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one"]):
        subprocess.run(["git", *words], cwd=root, check=True)
    script = "from zoo import pipelines\nfor one in (*pipelines.ALL, *pipelines.ERRORS): one.load_or_create()"
    environment = {**os.environ, "HULDRA_PATH": str(root / "store")}
    subprocess.run([sys.executable, "-c", script], cwd=root, check=True, env=environment, capture_output=True)
    return root
