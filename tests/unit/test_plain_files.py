"""Files that are read as they stand are those whose text is what decoding gives; all others are read with care."""

import codecs
import os
import random
from pathlib import Path

import pytest

from huldra.sources.encodings import Text, decode_source
from huldra.sources.plain_files import is_plain, read_plain

PARTS = (
    b"x = 1\n",
    b"\xff",
    b"\0",
    "\u00e4".encode(),
    codecs.BOM_UTF8,
    b"# coding: latin-1\n",
    b"# vim: set fileencoding=x",
    b"\r",
    b"",
)


def _marks(found: os.stat_result) -> tuple[int, ...]:
    """What tells one state of a file from another; when it was last read is none of that."""
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@pytest.mark.parametrize("seed", range(200))
def test_bytes_that_are_plain_are_the_text_that_decoding_gives(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    data = b"".join(chance.choices(PARTS, weights=(12, 1, 1, 4, 1, 1, 1, 2, 2), k=chance.randrange(5)))
    file = tmp_path / "a.py"
    file.write_bytes(data)
    if is_plain(data):
        assert decode_source(data) == Text(data.decode())
        found = read_plain(str(file), len(data))
        assert found is not None
        assert found[0] == data
        assert _marks(found[1]) == _marks(file.stat())
    else:
        assert decode_source(data) != Text(data.decode("utf-8", "replace")) or b"coding" in data
        assert read_plain(str(file), len(data)) is None
    assert data == b"" or read_plain(str(file), len(data) - 1) is None


def test_what_is_no_file_is_not_plain(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    for name in ("pipe.py", ".", "none.py", "a\0b.py"):
        assert read_plain(f"{tmp_path}/{name}", 100) is None
