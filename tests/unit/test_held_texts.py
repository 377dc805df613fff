"""Texts of files in an editor are held once somebody asks for them, and are never taken for another moment's."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from huldra.analysis import file_table, kept_experiments, scanned
from huldra.analysis.disk_cache import DiskCache
from huldra.analysis.held_texts import FileReader, FileText, HeldTexts, differing, reading_again
from huldra.analysis.host import open_workspace, take_snapshot
from huldra.analysis.live import LiveProject
from huldra.analysis.looks import Looks
from huldra.analysis.scanned import DiskSource
from huldra.analysis.snapshot import Snapshot
from huldra.sources.documents import Documents

LONG_AGO = 1_600_000_000
METHODS = "    def _create(self) -> int:\n        return 0\n\n    def _load(self) -> int:\n        return 0\n\n"
LIB = f"import huldra\n\nclass Train(huldra.Huldra[int]):\n    lr: float = 0.5\n\n{METHODS}"
USES = "from lib import Train\n\none = Train(lr=1.5)\n"


def write(root: Path, files: Mapping[str, str | bytes], seconds: int = LONG_AGO) -> None:
    for name, text in files.items():
        (root / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        os.utime(root / name, (seconds, seconds))


@pytest.fixture
def reader() -> FileReader:
    return FileReader()


def state(
    reader: FileReader, root: Path, buffers: Mapping[str, str] | None = None, names: tuple[str, ...] = ("a.py", "b.py")
) -> HeldTexts:
    documents = Documents(root, buffers or {})
    files = {name: found for name in names if isinstance(found := reader.read(documents, name), FileText)}
    return HeldTexts(files, reading_again(documents))


def held(texts: HeldTexts) -> list[str]:
    return [name for name, file in texts.files.items() if file.text is not None]


def test_only_what_is_asked_for_and_what_is_edited_is_held(tmp_path: Path, reader: FileReader) -> None:
    write(tmp_path, {"a.py": "x = 1\n", "b.py": "import a\n"})
    texts = state(reader, tmp_path)
    assert held(texts) == []
    assert texts.aside("a.py") == "x = 1\n"
    assert Looks().naming(texts, "x") == ["a.py"]
    assert held(texts) == []
    assert texts["a.py"] == "x = 1\n"
    assert held(texts) == ["a.py"]
    assert held(state(reader, tmp_path)) == ["a.py"]
    edited = state(reader, tmp_path, {"b.py": "import a  # more\n"})
    assert held(edited) == ["a.py", "b.py"]
    assert edited.aside("b.py") == "import a  # more\n"
    assert texts.aside("b.py") == "import a\n"


def test_what_says_the_same_is_the_same(tmp_path: Path, reader: FileReader) -> None:
    write(tmp_path, {"a.py": "x = 1\n", "b.py": "import a\n"})
    first = state(reader, tmp_path)
    write(tmp_path, {"a.py": "x = 1\n"}, LONG_AGO + 10)
    assert differing(first, state(reader, tmp_path, {"b.py": "import a\n"})) == []
    write(tmp_path, {"a.py": "x = 2\n"}, LONG_AGO + 20)
    assert differing(first, state(reader, tmp_path)) == ["a.py"]
    assert state(reader, tmp_path)["a.py"] == "x = 2\n"


def test_the_same_bytes_can_be_two_texts(tmp_path: Path, reader: FileReader) -> None:
    said = "# coding: latin-1\nx = 'é'\n"
    write(tmp_path, {"a.py": said.encode(), "b.py": ""})
    on_disk = state(reader, tmp_path)
    assert on_disk["a.py"] == said.encode().decode("latin-1")
    in_buffer = state(reader, tmp_path, {"a.py": said})
    assert in_buffer["a.py"] == said
    assert differing(on_disk, in_buffer) == ["a.py"]


def test_a_file_that_is_gone_or_no_text_has_none(tmp_path: Path, reader: FileReader) -> None:
    write(tmp_path, {"a.py": "x = 1\n", "b.py": b"\xff\xfe"})
    texts = state(reader, tmp_path)
    assert list(texts) == ["a.py"]
    (tmp_path / "a.py").unlink()
    assert texts["a.py"] == ""
    assert list(state(reader, tmp_path)) == []
    write(tmp_path, {"a.py": "x = 1\n"})
    assert state(reader, tmp_path)["a.py"] == "x = 1\n"


def test_what_was_read_late_does_not_stand_for_what_was_looked_at(tmp_path: Path, reader: FileReader) -> None:
    write(tmp_path, {"a.py": "import one\n", "b.py": ""})
    first = state(reader, tmp_path)
    write(tmp_path, {"a.py": "import two\n"}, LONG_AGO + 10)
    assert first["a.py"] == "import two\n"
    write(tmp_path, {"a.py": "import one\n"}, LONG_AGO + 20)
    again = state(reader, tmp_path)
    assert differing(first, again) == ["a.py"]
    assert again["a.py"] == "import one\n"


def test_a_file_that_was_just_written_is_read_again(tmp_path: Path, reader: FileReader) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    times = (tmp_path / "a.py").stat()
    first = state(reader, tmp_path, names=("a.py",))
    (tmp_path / "a.py").write_text("x = 2\n")
    os.utime(tmp_path / "a.py", ns=(times.st_atime_ns, times.st_mtime_ns))
    second = state(reader, tmp_path, names=("a.py",))
    assert differing(first, second) == ["a.py"]
    assert second["a.py"] == "x = 2\n"


def test_words_are_found_in_what_was_edited_and_in_what_was_not(tmp_path: Path, reader: FileReader) -> None:
    looks = Looks()
    write(tmp_path, {"a.py": "word = 1\n", "b.py": "x = 'huldra'\n"})
    assert looks.naming(state(reader, tmp_path), "word") == ["a.py"]
    assert looks.naming(state(reader, tmp_path, {"b.py": "word\n"}), "word") == ["a.py", "b.py"]
    assert looks.naming(state(reader, tmp_path, {"a.py": "", "b.py": "word\n"}), "word") == ["b.py"]
    looks.forget_unused()
    assert looks.naming(state(reader, tmp_path), "word") == ["a.py"]
    looks.forget_unused()
    looks.forget_unused()
    assert looks.naming(state(reader, tmp_path, names=("b.py",)), "word") == []


def test_a_file_that_changes_while_a_state_is_made_counts_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"pyproject.toml": "", "lib.py": LIB, "uses.py": USES, "other.py": "x = 1\n"})
    real = Looks.imports

    def change_after_the_look(self: Looks, *words: object) -> object:
        found = real(self, *words)  # type: ignore[arg-type]
        if (tmp_path / "uses.py").read_text() == USES:
            write(tmp_path, {"uses.py": "x = 1\n", "other.py": USES.replace("1.5", "2.5")}, LONG_AGO + 10)
        return found

    monkeypatch.setattr(Looks, "imports", change_after_the_look)
    live = LiveProject(tmp_path)
    live.finish(live.take_state({}))
    live.forget_files()
    last = live.take_state({})
    live.finish(last)
    assert last.snapshot.experiments == take_snapshot(open_workspace(tmp_path)).experiments
    assert [str(e.config.get("lr")) for e in last.snapshot.experiments.by_key.values()] == ["2.5"]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were read from disk; a moment ago is long enough ago."""
    monkeypatch.setattr(file_table, "_COARSEST_CLOCK_NS", 0)
    found: list[str] = []
    plain, careful = DiskSource.read_plain, DiskSource.read_once
    monkeypatch.setattr(DiskSource, "read_plain", lambda self, name: found.append(name) or plain(self, name))
    monkeypatch.setattr(DiskSource, "read_once", lambda self, name: found.append(name) or careful(self, name))
    return found


def in_an_editor(root: Path, buffers: Mapping[str, str] | None = None) -> Snapshot:
    live = LiveProject(root)
    taken = live.take_state(buffers or {})
    live.finish(taken)
    return taken.snapshot


def as_a_command(root: Path) -> Snapshot:
    snapshot = take_snapshot(open_workspace(root))
    assert snapshot.experiments
    snapshot.inputs.keep()
    return snapshot


def said(snapshot: Snapshot) -> object:
    naming = sorted(snapshot.inputs.files_naming("huldra:"))
    return snapshot.experiments, snapshot.project.relevant, snapshot.problems, naming


PROJECT = {
    "pyproject.toml": "",
    "lib.py": LIB,
    "uses.py": USES,
    "noise.py": "x = 1  # huldra: ignore\none = 1\n",
    "é.py": "# coding: latin-1\nimport lib\n",
}


def test_what_a_command_has_seen_is_not_read_for_the_first_state(tmp_path: Path, opened: list[str]) -> None:
    write(tmp_path, PROJECT)
    as_a_command(tmp_path)
    opened.clear()
    first = in_an_editor(tmp_path)
    assert opened == []
    assert said(first) == said(as_a_command(tmp_path))


def test_what_an_editor_has_seen_is_read_by_nobody(tmp_path: Path, opened: list[str]) -> None:
    write(tmp_path, PROJECT)
    first = in_an_editor(tmp_path)
    assert set(opened) == {name for name in PROJECT if name.endswith(".py")}
    opened.clear()
    assert said(in_an_editor(tmp_path)) == said(first)
    assert said(as_a_command(tmp_path)) == said(first)
    assert set(opened) <= set(first.project.relevant)


@pytest.mark.parametrize("name", [name for name in PROJECT if name.endswith(".py")])
def test_what_has_changed_since_is_read(tmp_path: Path, opened: list[str], name: str) -> None:
    write(tmp_path, PROJECT)
    as_a_command(tmp_path)
    write(tmp_path, {name: "from lib import Train\n\ntwo = Train(lr=7.5)\n"}, LONG_AGO + 10)
    opened.clear()
    found = in_an_editor(tmp_path)
    assert opened[0] == name
    assert said(found) == said(as_a_command(tmp_path))


def test_what_is_typed_is_no_file_of_other_processes(tmp_path: Path, opened: list[str]) -> None:
    write(tmp_path, PROJECT)
    in_an_editor(tmp_path, {"noise.py": "from lib import Train\n\nthree = Train(lr=3.5)\n"})
    opened.clear()
    assert said(as_a_command(tmp_path)) == said(in_an_editor(tmp_path))
    assert "noise.py" in opened


@pytest.mark.parametrize("damage", [lambda _: b"", lambda data: data[:-1] + bytes([data[-1] ^ 1])])
def test_lines_of_imports_that_are_damaged_are_read_again(
    tmp_path: Path, opened: list[str], damage: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, PROJECT)
    first = in_an_editor(tmp_path)
    real = DiskCache.get

    def get(self: DiskCache, kind: str, key: bytes) -> bytes | None:
        found = real(self, kind, key)
        return damage(found) if kind == "imports" and found else found

    monkeypatch.setattr(DiskCache, "get", get)
    opened.clear()
    assert said(in_an_editor(tmp_path)) == said(first)
    assert opened


def test_other_words_are_sought_in_all_files(tmp_path: Path) -> None:
    """Which files name a base class is told as their lines are looked at."""
    base = "class Base:\n    pass\n"
    write(tmp_path, {"pyproject.toml": "", "kit.py": base, "one.py": "import kit\n", "two.py": "x = 1\n"})
    live = LiveProject(tmp_path)
    buffers = {"two.py": "import kit\n"}
    live.finish(live.take_state({}))
    live.finish(live.take_state(buffers))
    live.finish(live.take_state({"two.py": "import kit\nx = 1\n"}))
    for bases in ('["kit.Base"]', "[]", '["kit.Base"]', '["other.Base"]'):
        (tmp_path / "pyproject.toml").write_text(f"[tool.huldra]\nbases = {bases}\n")
        live.forget_files()
        taken = live.take_state(buffers)
        live.finish(taken)
        anew = take_snapshot(open_workspace(tmp_path, overlays=buffers))
        assert taken.snapshot.project.relevant == anew.project.relevant
        assert ("two.py" in anew.project.relevant) == ("one.py" in anew.project.relevant) == ("kit" in bases)


def test_imports_are_read_of_those_files_that_may_count(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    write(tmp_path, {**PROJECT, "other/__init__.py": "", "other/apart.py": "import json, os\n"})
    texts = LiveProject(tmp_path).take_state({}).snapshot.inputs.texts
    assert isinstance(texts, HeldTexts)
    read = {name for name, file in texts.files.items() if file.imports is not None}
    assert {"uses.py"} <= read
    assert "other/apart.py" not in read


def test_a_number_of_a_file_beyond_64_bits(
    tmp_path: Path, reader: FileReader, monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    write(tmp_path, {"a.py": "x = 1\n", "b.py": ""})
    real = scanned.signature

    def signature(found: os.stat_result) -> tuple[int, int, int, int, int]:
        modified, changed, size, number, mode = real(found)
        return modified, changed, size, number + 2**100, mode

    monkeypatch.setattr(scanned, "signature", signature)
    first = state(reader, tmp_path)
    assert opened == ["a.py", "b.py"]
    assert differing(first, state(reader, tmp_path)) == []
    assert opened == ["a.py", "b.py"]


def test_what_was_kept_is_not_held_beside_what_it_gave(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    as_a_command(tmp_path)
    first = in_an_editor(tmp_path)
    assert first.experiments
    assert kept_experiments._entry.cache_info().currsize == kept_experiments._decoded.cache_info().currsize == 0
