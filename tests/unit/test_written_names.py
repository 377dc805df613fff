"""What contents set elsewhere is read once, by whatever process, and what could not be read is read the next time."""

from collections.abc import Mapping
from pathlib import Path

from huldra.analysis.disk_cache import DiskCache
from huldra.analysis.written_names import WrittenNames
from huldra.sources.code_files import FilesThen
from huldra.sources.documents import Unreadable

KEY = bytes(20)
TEXTS = {"1": b"import lab\n\nlab.rate = 3\n", "2": b"x = 1\n"}


class State:
    """A state of two files, and what is read of it."""

    def __init__(self, texts: Mapping[str, bytes]) -> None:
        self.read: list[str] = []
        self._texts = texts
        self.files = FilesThen("state", {"a.py": "1", "b.py": "2"}, self._content)

    def _content(self, content: str) -> bytes | Unreadable:
        self.read.append(content)
        return self._texts.get(content, Unreadable("it is gone"))


def asked(root: Path, texts: Mapping[str, bytes] = TEXTS, key: bytes = KEY) -> tuple[dict[str, list[str]], list[str]]:
    """Return what a process of its own says of both files when it is asked twice, and what it reads for that."""
    cache, state = DiskCache(root), State(texts)
    written = WrittenNames(cache, lambda: key)
    found = written.by_name(state.files)
    assert written.by_name(state.files) == found
    written.save()
    cache.save()
    cache.close()
    return found, state.read


NAMES = {"rate": ["a.py"]}


def test_a_content_is_read_once(tmp_path: Path) -> None:
    assert asked(tmp_path) == (NAMES, ["1", "2"])
    assert asked(tmp_path) == (NAMES, [])
    assert asked(tmp_path, key=bytes(19) + b"1") == (NAMES, ["1", "2"])


def test_what_cannot_be_read_is_read_the_next_time(tmp_path: Path) -> None:
    assert asked(tmp_path, {"2": TEXTS["2"]}) == ({}, ["1", "2", "1"])
    assert asked(tmp_path) == (NAMES, ["1"])
    assert asked(tmp_path) == (NAMES, [])


def test_what_is_damaged_is_read_anew(tmp_path: Path) -> None:
    asked(tmp_path)
    for damage in (b"\xc1", b"\x93\x01\x02\x03", b""):
        cache = DiskCache(tmp_path)
        cache.put("written", KEY, damage)
        cache.save()
        cache.close()
        assert asked(tmp_path) == (NAMES, ["1", "2"])
