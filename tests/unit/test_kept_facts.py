"""Facts kept on disk: every answer is the one that would be computed, whatever happened to the file in between."""

import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from huldra.analysis import disk_cache, kept_facts
from huldra.analysis.disk_cache import CACHE_DIRECTORY, DiskCache
from huldra.analysis.kept import Kept
from huldra.analysis.kept_facts import KeptFacts
from huldra.facts import parse
from huldra.facts.collect import collect_facts

STATEMENTS = (
    "import huldra\n",
    "from .m import C as D  # why\n",
    "class A(huldra.Huldra[int]):\n    x: int = 1\n\n    def _create(self):\n        return self.x\n",
    "a = A(x=3)\n",
    "def broken(:\n    pass\n",
    "sweep = [A(x=i) for i in range(3)]\n",
    "s = '''two\nlines'''\n",
    "x = '\\ud800'\n",
    "y = '\ud800'\n",
    "z = 1\0\n",
)


def kept_at(root: Path) -> Kept:
    return Kept(disk=KeptFacts(DiskCache(root)))


def test_answers_are_equal_with_and_without_a_cache_after_random_edits(tmp_path: Path) -> None:
    chance = random.Random(7)
    lines = list(STATEMENTS[:4])
    for _ in range(60):
        place = chance.randrange(len(lines) + 1)
        match chance.randrange(3):
            case 0:
                lines.insert(place, chance.choice(STATEMENTS))
            case 1 if lines:
                lines.pop(place - 1)
            case _:
                lines.insert(place, "\n" * chance.randrange(3))
        text = "".join(lines)
        kept = kept_at(tmp_path)
        assert kept.facts("m.py", text) == collect_facts(text)
        kept.save()
        assert kept_at(tmp_path).facts("m.py", text) == collect_facts(text)


def test_what_was_parsed_once_is_not_parsed_by_the_next_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "".join(STATEMENTS[:4])
    first = kept_at(tmp_path)
    expected = first.facts("m.py", text)
    first.save()
    parsed: list[str] = []
    real = parse.parse_piece
    monkeypatch.setattr(parse, "parse_piece", lambda piece: parsed.append(piece) or real(piece))
    assert kept_at(tmp_path).facts("elsewhere.py", text) == expected
    assert parsed == []
    kept_at(tmp_path).facts("m.py", text + "b = A(x=4)\n")
    assert parsed == ["b = A(x=4)\n"]


@pytest.mark.parametrize("what", ["parser", "Python", "encoding", "reader"])
def test_what_another_version_has_read_is_read_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    text = "".join(STATEMENTS[:4])
    first = kept_at(tmp_path)
    first.facts("m.py", text)
    first.save()
    match what:
        case "parser":
            monkeypatch.setattr(kept_facts, "installed_version", lambda _: "0.0.1")
        case "Python":
            monkeypatch.setattr(kept_facts.sys, "version", "3.99.0")
        case "encoding":
            monkeypatch.setattr(kept_facts, "FACTS_VERSION", kept_facts.FACTS_VERSION + 1)
        case _:
            reader = shutil.copytree(Path(kept_facts.collect.__file__).parent, tmp_path / "facts")
            (reader / "collect.py").write_text("# edited\n")
            monkeypatch.setattr(kept_facts.collect, "__file__", str(reader / "collect.py"))
    parsed: list[str] = []
    real = parse.parse_piece
    monkeypatch.setattr(parse, "parse_piece", lambda piece: parsed.append(piece) or real(piece))
    kept_facts._versions.cache_clear()
    try:
        kept_at(tmp_path).facts("m.py", text)
    finally:
        kept_facts._versions.cache_clear()
    assert "".join(parsed) == text


@pytest.mark.parametrize("damage", [b"", b"\xc1", b"\x93\x01\x02", b"\x91\x93\x00\x01\xc4\x01x"])
def test_damaged_values_count_as_never_kept(tmp_path: Path, damage: bytes) -> None:
    text = "".join(STATEMENTS[:6])
    first = kept_at(tmp_path)
    first.facts("m.py", text)
    first.save()
    (file,) = (tmp_path / CACHE_DIRECTORY).glob("*.sqlite")
    with sqlite3.connect(file) as connection:
        assert connection.execute("UPDATE kept SET value = ?", (damage,)).rowcount > 1
    connection.close()
    assert kept_at(tmp_path).facts("m.py", text) == collect_facts(text)


def test_a_cache_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / CACHE_DIRECTORY).write_text("a file where the directory should be")
    text = "".join(STATEMENTS[:4])
    kept = kept_at(tmp_path)
    assert kept.facts("m.py", text) == collect_facts(text)
    kept.save()
    assert kept_at(tmp_path).facts("m.py", text) == collect_facts(text)


def test_a_cache_that_has_grown_too_large_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_cache, "_MOST_BYTES", 200_000)
    file = tmp_path / CACHE_DIRECTORY / "kept-v2.sqlite"
    for number in range(40):
        cache = DiskCache(tmp_path)
        cache.put("piece", str(number).encode(), bytes(20_000))
        cache.save()
        cache.close()
        assert file.stat().st_size < 400_000
    cache = DiskCache(tmp_path)
    cache.put("piece", b"last", b"value")
    cache.save()
    assert DiskCache(tmp_path).get("piece", b"last") == b"value"


def test_processes_that_write_at_once_and_are_killed_leave_only_whole_values(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from huldra.analysis.disk_cache import DiskCache\n"
        "for number in range(10**6):\n"
        "    cache = DiskCache(Path(sys.argv[1]))\n"
        "    key = number % 50\n"
        "    cache.put('piece', str(key).encode(), bytes([key]) * 3000)\n"
        "    cache.put('layout', str(key).encode(), bytes([key]) * 3000)\n"
        "    cache.save()\n"
        "    cache.close()\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path)]) for _ in range(3)]
    found: set[int] = set()
    try:
        for turn in range(200):
            if turn == 100:
                writers[0].kill()
            time.sleep(0.02)
            reader = DiskCache(tmp_path)
            for key in range(50):
                for kind in ("piece", "layout"):
                    value = reader.get(kind, str(key).encode())
                    assert value is None or value == bytes([key]) * 3000
                    found |= set() if value is None else {key}
            reader.close()
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
    assert found
    last = DiskCache(tmp_path)
    last.put("piece", b"after", b"all")
    last.save()
    assert DiskCache(tmp_path).get("piece", b"after") == b"all"
