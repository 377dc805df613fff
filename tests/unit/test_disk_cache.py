"""A cache that is full, in use, of another version or damaged answers as an empty one, and loses nothing of its own."""

import os
import sqlite3
from pathlib import Path

import pytest

from huldra.analysis import disk_cache
from huldra.analysis.disk_cache import CACHE_DIRECTORY, DiskCache

FILE = f"{CACHE_DIRECTORY}/kept-v2.sqlite"


def kept(root: Path, key: bytes) -> bytes | None:
    cache = DiskCache(root)
    try:
        return cache.get("kind", key)
    finally:
        cache.close()


def keep(root: Path, key: bytes, value: bytes) -> None:
    cache = DiskCache(root)
    cache.put("kind", key, value)
    cache.save()
    cache.close()


def test_on_a_full_disk_what_was_kept_stays_and_nothing_is_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, b"before", b"value")
    real, refused = sqlite3.connect, list[str]()

    class Full(sqlite3.Connection):
        """SQLite says of a file that may not grow what it says of a full disk."""

        def executemany(self, *words: object) -> sqlite3.Cursor:
            self.execute("PRAGMA max_page_count = 1")
            try:
                return super().executemany(*words)
            except sqlite3.OperationalError as error:
                refused.append(str(error))
                raise

    monkeypatch.setattr(disk_cache.sqlite3, "connect", lambda *words, **named: real(*words, factory=Full, **named))
    keep(tmp_path, b"after", bytes(5_000_000))
    assert refused == ["database or disk is full"]
    assert kept(tmp_path, b"after") is None
    assert kept(tmp_path, b"before") == b"value"


def test_while_another_process_holds_it_nothing_is_kept_and_nothing_waits_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_cache, "_WAIT_S", 0.05)
    keep(tmp_path, b"before", b"value")
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    keep(tmp_path, b"during", b"value")
    assert kept(tmp_path, b"before") == b"value"
    assert kept(tmp_path, b"during") is None
    other.close()
    keep(tmp_path, b"during", b"value")
    assert kept(tmp_path, b"during") == b"value"


def test_the_file_of_another_version_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / CACHE_DIRECTORY).mkdir()
    with sqlite3.connect(tmp_path / FILE) as newer:
        newer.execute("CREATE TABLE kept (name TEXT, meaning TEXT)")
        newer.execute("INSERT INTO kept VALUES ('theirs', 'a value')")
    newer.close()
    keep(tmp_path, b"ours", b"value")
    assert kept(tmp_path, b"ours") is None
    with sqlite3.connect(tmp_path / FILE) as newer:
        assert newer.execute("SELECT * FROM kept").fetchall() == [("theirs", "a value")]
    newer.close()


@pytest.mark.parametrize("damage", [b"garbage" * 1000, b"SQLite format 3\0" + bytes(5000), b""])
def test_a_damaged_file_is_begun_anew(tmp_path: Path, damage: bytes) -> None:
    keep(tmp_path, b"before", b"value")
    for left in (tmp_path / CACHE_DIRECTORY).glob("*-*"):
        if left.name != "kept-v2.sqlite":
            left.unlink()
    (tmp_path / FILE).write_bytes(damage)
    assert kept(tmp_path, b"before") is None
    keep(tmp_path, b"after", b"value")
    keep(tmp_path, b"after", b"value")
    assert kept(tmp_path, b"after") == b"value"


def test_what_an_older_version_kept_goes_once_and_is_left_alone_afterwards(tmp_path: Path) -> None:
    old = tmp_path / CACHE_DIRECTORY / "kept-v1.sqlite"
    old.parent.mkdir()
    old.write_bytes(b"of another layout")
    keep(tmp_path, b"key", b"value")
    assert not old.exists()
    old.write_bytes(b"made again by the older one")
    keep(tmp_path, b"other", b"value")
    assert old.exists()
    assert kept(tmp_path, b"key") == b"value"


def test_a_file_that_is_missing_is_looked_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look would keep the threads waiting that hand out work (`_may_hold_something`)."""
    looks = list[Path]()
    real = os.path.exists
    monkeypatch.setattr(os.path, "exists", lambda path: looks.append(path) or real(path))
    cache = DiskCache(tmp_path)
    assert [cache.get("kind", bytes([number])) for number in range(9)] == [None] * 9
    assert cache.get_all("kind", [b"1", b"2"]) == {}
    assert looks == [tmp_path / FILE]
    cache.put("kind", b"1", b"value")
    cache.save()
    assert cache.get("kind", b"1") == b"value"
    cache.close()
