"""What is remembered of files: the choice, the words and the texts are those that reading everything gives."""

import os
import random
import sqlite3
import time
from pathlib import Path
from types import ModuleType

import pytest

from huldra.analysis import file_table, scanned
from huldra.analysis.disk_cache import CACHE_DIRECTORY, DiskCache
from huldra.analysis.file_table import FileTable
from huldra.analysis.host import open_workspace
from huldra.analysis.looks import library_words
from huldra.analysis.reading_order import most_telling_first
from huldra.analysis.scanned import DiskSource, ScannedFiles, scan_files
from huldra.facts.scan import SUPPRESSING_WORD
from huldra.sources import documents

FILES = {
    "pyproject.toml": "",
    "lib/__init__.py": "from .models import Train as T\n",
    "lib/models.py": "import huldra\nclass Train(huldra.Huldra[int]):\n    lr: float = 1.0\n",
    "scripts/run.py": "import near\nfrom near import *\n",
    "scripts/near.py": "from lib import T\n",
    "noise.py": "import json\nx = json  # HULDRA: ignore\n",
    "other.py": "import noise\n",
}
LINES = (
    "import lib\n",
    "from lib.models import Train\n",
    "x = 1\n",
    "from . import noise\n",
    "import huldra\n",
    "# huldra: ignore[HUL1]\n",
    "y = '\\xff'\n",
)


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def look(root: Path, *, with_cache: bool = True) -> ScannedFiles:
    workspace = open_workspace(root, root=root)
    cache = DiskCache(root)
    library = library_words(workspace.settings.bases)
    table = FileTable(cache if with_cache else None, library, workspace.documents.limit)
    source = DiskSource(workspace.documents)
    found = scan_files(workspace.discovery, workspace.import_roots, workspace.modules, source, table, library)
    cache.save()
    cache.close()
    return found


def told(found: ScannedFiles) -> object:
    naming = {word: sorted(found.naming(word)) for word in (SUPPRESSING_WORD, "huldra", "noise")}
    return dict(found.texts), dict(found.contents), dict(found.unread), found.modules, found.relevant, naming


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is written is remembered at once here; otherwise only what has lain still for two seconds is."""
    monkeypatch.setattr(file_table, "_COARSEST_CLOCK_NS", 0)
    write(tmp_path, FILES)
    return tmp_path


def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list that grows with every file that is opened."""
    opened: list[str] = []

    def note(module: ModuleType, function: str) -> None:
        real = getattr(module, function)

        def noted(path: str, limit: int) -> object:
            opened.append(Path(path).name)
            return real(path, limit)

        monkeypatch.setattr(module, function, noted)

    note(documents, "_read_signed")
    note(scanned, "read_plain")
    return opened


def change(root: Path, chance: random.Random) -> None:
    files = sorted(root.rglob("*.py"))
    target = chance.choice(files)
    match chance.randrange(6):
        case 0:
            target.write_text(target.read_text(errors="replace") + chance.choice(LINES))
        case 1:
            target.write_text(chance.choice(LINES))
        case 2 if len(files) > 3:
            target.unlink()
        case 3:
            write(root, {f"{chance.choice(['', 'lib/', 'scripts/', 'pkg/'])}n{chance.randrange(3)}.py": LINES[0]})
        case 4:
            found = target.stat()
            data = bytearray(target.read_bytes() or b"x")
            data[0] = chance.choice(b"#xi")
            target.write_bytes(data)
            os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))
        case _:
            target.write_bytes(b"\xff" + target.read_bytes())


@pytest.mark.parametrize("seed", range(6))
def test_after_random_edits_the_table_gives_what_reading_everything_gives(project: Path, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(25):
        for _ in range(chance.randrange(3)):
            change(project, chance)
        assert told(look(project)) == told(look(project, with_cache=False))


def test_files_that_are_as_they_were_are_not_opened(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look(project)
    opened = reads(monkeypatch)
    assert look(project).relevant
    assert opened == []
    (project / "other.py").write_text("import noise, lib\n")
    assert "other.py" in look(project).relevant
    assert set(opened) == {"other.py"}


def test_what_has_just_been_written_is_read_again(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_table, "_COARSEST_CLOCK_NS", 2_000_000_000)
    for name in FILES:
        os.utime(tmp_path / name, (time.time() - 100, time.time() - 100))  # the time of its last change is still now
    look(project)
    opened = reads(monkeypatch)
    look(project)
    assert len(set(opened)) == len(FILES) - 1


def test_after_the_clock_has_gone_back_everything_is_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look(project)
    opened = reads(monkeypatch)
    now = time.time_ns()
    monkeypatch.setattr(file_table.time, "time_ns", lambda: now - 3_600_000_000_000)
    look(project)
    assert len(set(opened)) == len(FILES) - 1


@pytest.mark.parametrize("damage", [b"", b"\x93garbage", b"\xff" * 400])
def test_a_damaged_table_is_none(project: Path, damage: bytes) -> None:
    expected = told(look(project))
    with sqlite3.connect(project / CACHE_DIRECTORY / "kept-v2.sqlite") as connection:
        assert connection.execute("UPDATE kept SET value = ?", (damage,)).rowcount > 2
    connection.close()
    assert told(look(project)) == expected
    assert told(look(project)) == expected


def test_another_set_of_words_is_another_table(project: Path) -> None:
    look(project)
    (project / "pyproject.toml").write_text('[tool.huldra]\nbases = ["json.Base"]\n')
    assert "noise.py" in look(project).relevant
    assert told(look(project)) == told(look(project, with_cache=False))


def test_what_another_version_of_us_has_seen_is_looked_at_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look(project)
    source = project.parent / "scan.py"
    source.write_text("# edited\n")
    monkeypatch.setattr(file_table.scan, "__file__", str(source))
    opened = reads(monkeypatch)
    look(project)
    assert len(set(opened)) == len(FILES) - 1


def test_files_stand_in_their_order_whichever_was_looked_at_first(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "lib/more.py": "", "lib/wrong.py": "\0", "a.py": "\0"})
    files = list(open_workspace(tmp_path, root=tmp_path).discovery.files)
    assert most_telling_first(files)[:2] == ["a.py", "noise.py"]
    assert most_telling_first(files)[-1] == "lib/wrong.py"
    assert sorted(most_telling_first(files)) == files
    for _ in range(2):  # nothing is known the first time
        found = look(tmp_path)
        assert list(found.texts) == [f for f in files if f not in {"a.py", "lib/wrong.py"}]
        assert list(found.unread) == ["a.py", "lib/wrong.py"]
        assert found.relevant == ("lib/__init__.py", "lib/models.py", "scripts/near.py", "scripts/run.py")
