"""Others at work at the same time: runs that start, finish and go; two servers and a command line on one cache."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.protocol.client import PATIENCE_SECONDS, Client
from tests.protocol.test_documents import SITES, insertion, titles
from tests.unit.git_builder import commit, new_repository

WAITING = """import time
from pathlib import Path

import huldra


class Waits(huldra.Huldra[int]):
    def _create(self) -> int:
        while not Path("go").exists():
            time.sleep(0.02)
        (self.huldra_dir / "value.txt").write_text("1")
        return 1

    def _load(self) -> int:
        return 1


one = Waits()
"""
SITE = 17


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_run_that_starts_finishes_and_goes_is_seen(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "lab.py").write_text(WAITING, encoding="utf-8")
    with Client(tmp_path) as client:
        client.initialize(tmp_path)
        uri = client.open(tmp_path / "lab.py")

        def shows(words: str) -> bool:
            return titles(client, uri)[SITE][0].startswith(words)

        assert shows("○ missing")
        run = subprocess.Popen([sys.executable, "-c", "import lab; lab.one.load_or_create()"], cwd=tmp_path)
        wait_until(lambda: shows("▶ running"))
        assert titles(client, uri)[SITE][1:] == []  # what runs is not offered again
        (tmp_path / "go").touch()
        assert run.wait(PATIENCE_SECONDS) == 0
        wait_until(lambda: not shows("▶ running"))
        assert shows("✓ ")  # without a repository it is probably current
        shutil.rmtree(tmp_path / "data-huldra")
        wait_until(lambda: shows("○ missing"))
        assert client.leave() == 0


READING = """from pathlib import Path

import huldra


class Asks(huldra.Huldra[str]):
    def _create(self) -> str:
        return Path("prompt.txt").read_text()

    def _load(self) -> str:
        return ""


one = Asks()
"""


def test_a_file_that_code_reads_is_watched(tmp_path: Path) -> None:
    new_repository(tmp_path)
    ignored = "data-huldra/\n.huldra_cache/\n__pycache__/\n"
    commit(tmp_path, {"pyproject.toml": "", "lab.py": READING, "prompt.txt": "You are.\n", ".gitignore": ignored})
    subprocess.run([sys.executable, "-c", "import lab; lab.one.load_or_create()"], cwd=tmp_path, check=True)
    with Client(tmp_path) as client:
        client.initialize(tmp_path)
        uri = client.open(tmp_path / "lab.py")
        line = READING.splitlines().index("one = Asks()")

        def shows(words: str) -> bool:
            return titles(client, uri)[line][0].startswith(words)

        assert shows("✓ current")
        (tmp_path / "prompt.txt").write_text("You were.\n", encoding="utf-8")
        wait_until(lambda: not shows("✓ current"))
        assert "stale" in titles(client, uri)[line][0]
        (tmp_path / "prompt.txt").write_text("You are.\n", encoding="utf-8")
        wait_until(lambda: shows("✓ current"))
        assert client.leave() == 0


def test_two_servers_and_a_command_line_on_one_cache(project: Path) -> None:
    shutil.rmtree(project / ".huldra_cache", ignore_errors=True)
    command = [sys.executable, "-m", "huldra", "lens", SITES, "--format", "json"]
    with Client(project) as first, Client(project) as second:
        line = subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for client in (first, second):
            client.initialize(project)
        uris = [client.open(project / SITES) for client in (first, second)]
        shown = [titles(client, uri) for client, uri in zip((first, second), uris, strict=True)]
        out, err = line.communicate(timeout=PATIENCE_SECONDS)
        assert line.returncode == 0, err
        rows: dict[int, list[str]] = {}
        for row in json.loads(out)["lenses"]:
            rows.setdefault(row["line"] - 1, []).append(row["title"])
        assert shown[0].keys() == shown[1].keys() == rows.keys()
        first.change(uris[0], insertion(0, 0, "#\n"))
        first.settle()
        assert {number - 1 for number in titles(first, uris[0])} == titles(second, uris[1]).keys()
        faults = [n for client in (first, second) for n in client.notes if n["method"] == "window/logMessage"]
        assert not faults
        assert first.leave() == second.leave() == 0
