"""The text of files, and what is said of files that have none."""

import codecs
import hashlib
import os
from pathlib import Path

import pytest

from huldra.sources.documents import Document, Documents, TooLarge, Unreadable, read_document
from huldra.sources.encodings import Text, Undecodable, decode_source


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", Text("")),
        ("x = 'é'\n".encode(), Text("x = 'é'\n")),
        (b"x = 1\r\ny = 2\rz = 3\n", Text("x = 1\r\ny = 2\rz = 3\n")),
        (codecs.BOM_UTF8 + b"x = 1", Text("x = 1", "utf-8", has_bom=True)),
        (codecs.BOM_UTF8 + b"# coding: utf8\n", Text("# coding: utf8\n", "utf-8", has_bom=True)),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'", Text("# -*- coding: latin-1 -*-\nx = 'é'", "iso8859-1")),
        (b"#!/usr/bin/python\r\n# vim: set fileencoding=cp1252 :\r\n'\x80'", None),
        ("# coding: shift_jis\nx = '表'".encode("shift_jis"), Text("# coding: shift_jis\nx = '表'", "shift_jis")),
        ("# coding: euc_jp\n'日本'".encode("euc_jp"), Text("# coding: euc_jp\n'日本'", "euc_jp")),
        (b"\n# coding: latin-1\n'\xe9'", Text("\n# coding: latin-1\n'é'", "iso8859-1")),
        (b"# coding: latin-1\r'\xe9'", Text("# coding: latin-1\r'é'", "iso8859-1")),
    ],
)
def test_bytes_are_read_as_python_reads_them(data: bytes, text: Text | None) -> None:
    expected = text or Text("#!/usr/bin/python\r\n# vim: set fileencoding=cp1252 :\r\n'€'", "cp1252")
    assert decode_source(data) == expected


@pytest.mark.parametrize(
    ("data", "line", "column", "reason"),
    [
        (b"x = 1\ny = '\xe9'\n", 2, 6, "byte 0xe9 is not valid utf-8"),
        ("é\ré\r\né".encode() + b"\xff", 3, 2, "byte 0xff is not valid utf-8"),
        ("x = '😀".encode()[:-1], 1, 6, "byte 0xf0 is not valid utf-8"),
        # A declaration on the third line, or after code, declares nothing.
        (b"\n\n# coding: latin-1\n'\xe9'", 4, 2, "byte 0xe9 is not valid utf-8"),
        (b"x = 1\n# coding: latin-1\n'\xe9'", 3, 2, "byte 0xe9 is not valid utf-8"),
        (b"# coding: ascii\n'\xe9'", 2, 2, "byte 0xe9 is not valid ascii"),
        (b"x = 1\n  \0", 2, 3, "the file holds a NUL byte"),
        (codecs.BOM_UTF8 + b"\0", 1, 1, "the file holds a NUL byte"),
        (b"# coding: klingon\n", 1, 11, "unknown encoding 'klingon'"),
        (b"#!x\n#coding=klingon\n", 2, 9, "unknown encoding 'klingon'"),
        (b"# coding: hex\n", 1, 11, "unknown encoding 'hex'"),
        (b"# coding: utf-16\n", 1, 11, "'utf-16' cannot be the encoding of Python source"),
        (
            codecs.BOM_UTF8 + b"# coding: latin-1\n",
            1,
            11,
            "the byte order mark says UTF-8, the declaration says 'latin-1'",
        ),
        ("x = 1".encode("utf-16"), 1, 1, "the file is UTF-16, which Python does not read"),
        (b"# coding: unicode_escape\n\\ud800", 2, 1, "the file holds half of a character (a lone surrogate)"),
        (b"# coding: unicode_escape\nx\\0", 2, 2, "the file holds a NUL character"),
    ],
)
def test_bytes_that_python_would_not_take_say_why_and_where(data: bytes, line: int, column: int, reason: str) -> None:
    assert decode_source(data) == Undecodable(reason, line, column)


def test_every_encoding_that_can_be_declared_gives_data() -> None:
    """No declaration raises, whatever the codec does with bytes that are not its own."""
    for name in (
        "idna",
        "punycode",
        "undefined",
        "rot13",
        "zlib",
        "utf-7",
        "utf_8_sig",
        "mbcs",
        "..",
        "-",
        "unicode_escape",
    ):
        found = decode_source(f"# coding: {name}\n".encode() + b"'\xe9\xff'\n")
        assert isinstance(found, Text | Undecodable)


def test_a_document_has_text_hash_and_size(tmp_path: Path) -> None:
    data = codecs.BOM_UTF8 + "x = 'é'\r\n".encode()
    (tmp_path / "a.py").write_bytes(data)
    expected = hashlib.blake2b(data, digest_size=16).hexdigest()
    assert read_document(tmp_path / "a.py") == Document("x = 'é'\r\n", expected, len(data), "utf-8", has_bom=True)


def test_an_undecodable_file_is_data(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\xff")
    assert isinstance(read_document(tmp_path / "a.py"), Undecodable)


def test_a_file_past_the_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "big.py"
    path.write_bytes(b"x = 1\n" * 1_700_000)

    def fail(*_: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr("builtins.open", fail)
    reading = read_document(path)
    assert reading == TooLarge(10_200_000, 2_000_000)
    assert reading.reason == "the file is too large: 10200000 bytes, and limits.file-size is 2000000"


def test_a_file_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x = 1")
    assert isinstance(read_document(tmp_path / "a.py", limit=5), Document)
    assert read_document(tmp_path / "a.py", limit=4) == TooLarge(5, 4)


def test_a_file_that_vanished_is_data(tmp_path: Path) -> None:
    assert read_document(tmp_path / "gone.py") == Unreadable("there is no such file", is_gone=True)
    (tmp_path / "file").touch()
    assert read_document(tmp_path / "file" / "a.py") == Unreadable("there is no such file", is_gone=True)


def test_a_broken_symlink_a_loop_a_directory_and_a_pipe_are_data(tmp_path: Path) -> None:
    (tmp_path / "broken.py").symlink_to("nowhere")
    (tmp_path / "loop.py").symlink_to("loop.py")
    (tmp_path / "x.py").mkdir()
    os.mkfifo(tmp_path / "pipe.py")
    assert read_document(tmp_path / "broken.py") == Unreadable("is a broken symlink", is_gone=True)
    loop = read_document(tmp_path / "loop.py")
    assert isinstance(loop, Unreadable)
    assert loop.reason.startswith("cannot be read: ")
    assert read_document(tmp_path / "x.py") == Unreadable("is a directory")
    assert read_document(tmp_path / "pipe.py") == Unreadable("is a device or a pipe")
    assert isinstance(read_document(tmp_path / "nul\0.py"), Unreadable)


def test_a_file_without_permission_is_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").touch()

    def deny(*_: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", deny)
    assert read_document(tmp_path / "a.py") == Unreadable("cannot be read: Permission denied")


def test_buffers_lie_over_the_disk(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1")
    (tmp_path / "b.py").write_text("y = 1")
    documents = Documents(tmp_path, {"a.py": "x = 2", "new.py": "z = 1"})
    assert text_of(documents, "a.py") == "x = 2"
    assert text_of(documents, "b.py") == "y = 1"
    assert text_of(documents, "new.py") == "z = 1"
    assert text_of(documents.with_overlays({}), "a.py") == "x = 1"
    assert text_of(documents, "a.py") == "x = 2"


def test_a_buffer_equal_to_the_disk_has_its_hash(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 'é'")
    assert Documents(tmp_path, {"a.py": "x = 'é'"}).read("a.py") == Documents(tmp_path).read("a.py")


def test_a_buffer_may_be_bad_too(tmp_path: Path) -> None:
    documents = Documents(tmp_path, {"nul.py": "a\n\0", "half.py": "\ud800", "big.py": "x" * 11}, limit=10)
    assert documents.read("nul.py") == Undecodable("the file holds a NUL character", 2, 1)
    assert isinstance(documents.read("half.py"), Undecodable)
    assert documents.read("big.py") == TooLarge(11, 10)


def test_a_buffers_text_is_already_decoded(tmp_path: Path) -> None:
    text = "# coding: latin-1\nx = 'é'"
    assert text_of(Documents(tmp_path, {"a.py": text}), "a.py") == text


def test_an_unchanged_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1")
    os.utime(path, ns=(10**18, 10**18))
    documents = Documents(tmp_path)
    first = documents.read("a.py")

    def fail(*_: object) -> None:
        raise AssertionError("opened again")

    with monkeypatch.context() as patch:
        patch.setattr("builtins.open", fail)
        assert documents.read("a.py") is first
        assert documents.with_overlays({"b.py": ""}).read("a.py") is first
    path.write_text("x = 2")
    assert text_of(documents, "a.py") == "x = 2"


def test_a_second_write_within_the_clocks_step_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    documents = Documents(tmp_path)
    path.write_text("x = 1")
    found = path.stat()
    assert text_of(documents, "a.py") == "x = 1"
    path.write_text("x = 2")
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert text_of(documents, "a.py") == "x = 2"


def test_a_file_that_vanishes_after_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1")
    os.utime(path, ns=(10**18, 10**18))
    documents = Documents(tmp_path)
    documents.read("a.py")
    path.unlink()
    assert documents.read("a.py") == Unreadable("there is no such file", is_gone=True)


def text_of(documents: Documents, name: str) -> str:
    reading = documents.read(name)
    assert isinstance(reading, Document)
    return reading.text
