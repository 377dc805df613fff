"""What lies in a run's directory: its files, the ends of its logs, its events, a first look into a file. Bounded."""

import csv
import json
import os
import stat
import struct
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from huldra.formats.json_values import JsonValue, dump_json

_MOST_FILES = 10_000
_MOST_COUNTED = 1_000_000
_PREVIEW_BYTES = 16_384
_TAIL_BYTES = 65_536
_MOST_EVENTS = 1_000
_MOST_ROWS = 10
_LARGEST_JSON = 1_000_000

PARQUET_EXTRA = "huldra-lab[parquet]"


class RunFile(Struct, frozen=True):
    """A file of a run: `name` is below the run's directory, `size` in bytes."""

    name: str
    size: int


class RunFiles(Struct, frozen=True):
    """The files of a run by name, and their bytes. `count` is how many there are, of which the first found are listed.

    `is_counted`: that is all; else there are more, and to count them would take too long.
    """

    files: tuple[RunFile, ...]
    size: int
    count: int
    is_counted: bool = True

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are listed."""
        return self.count > len(self.files)


class Preview(Struct, frozen=True):
    """A first look into a file: what it is, and the beginning of it as lines of text."""

    kind: str
    lines: tuple[str, ...]
    is_cut: bool = False


def list_files(directory: Path, internal_name: str) -> RunFiles:
    """Effect: look into a run's directory. Return its files, the library's own left out; links are not followed."""
    found: list[RunFile] = []
    count, total = 0, 0
    for name, entry in _walk(os.fspath(directory), internal_name):
        count += 1
        if count > _MOST_COUNTED:
            break
        if len(found) == _MOST_FILES:
            continue
        try:
            size = entry.stat(follow_symlinks=False).st_size
        except OSError:
            count -= 1  # deleted while we look
            continue
        found.append(RunFile(name, size))
        total += size
    files = tuple(sorted(found, key=lambda file: file.name))
    return RunFiles(files, total, min(count, _MOST_COUNTED), is_counted=count <= _MOST_COUNTED)


def _walk(directory: str, internal_name: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield what is no directory, with its name below the one given, in the order of the disk."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            with os.scandir(f"{directory}/{below}") as entries:
                for entry in entries:
                    name = f"{below}/{entry.name}" if below else entry.name
                    if entry.is_dir(follow_symlinks=False):
                        if name != internal_name:
                            waiting.append(name)
                    elif name != internal_name:
                        yield name, entry
        except OSError:
            continue  # deleted while we look


def tail_lines(path: Path, count: int) -> tuple[str, ...]:
    """Effect: read the end of a file. Return its last lines; none if there is no such file."""
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            size = file.tell()
            file.seek(max(0, size - _TAIL_BYTES))
            text = file.read(_TAIL_BYTES).decode(errors="replace")
    except OSError:
        return ()
    lines = text.splitlines()
    return tuple(lines[-count:])


def read_events(path: Path) -> tuple[dict[str, JsonValue], ...]:
    """Effect: read a run's events. Return the latest of them, oldest first; lines that are no objects are left out."""
    found: list[dict[str, JsonValue]] = []
    for line in tail_lines(path, _MOST_EVENTS):
        try:
            value: JsonValue = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            found.append(value)
    return tuple(found)


def preview_file(path: Path) -> Preview:
    """Effect: read the beginning of a file. Return a first look into it, or why there is none."""
    try:
        information = path.lstat()
        if not stat.S_ISREG(information.st_mode):
            return Preview("not a regular file", ())
        with path.open("rb") as file:
            head = file.read(_PREVIEW_BYTES)
    except OSError as error:
        return Preview(f"cannot be read: {error.strerror}", ())
    suffix = path.suffix.lower()
    is_cut = information.st_size > len(head)
    if suffix == ".parquet" or head.startswith(b"PAR1"):
        return _parquet(path)
    size = _image_size(head)
    if size is not None:
        return Preview(f"image, {size[0]} x {size[1]} pixels", ())
    if b"\0" in head:
        return Preview("binary", ())
    text = head.decode(errors="replace")
    if suffix == ".json" and information.st_size <= _LARGEST_JSON:
        return _json(path, text)
    if suffix in {".csv", ".tsv"}:
        return _table(text, "\t" if suffix == ".tsv" else ",", is_cut=is_cut)
    lines = text.splitlines()
    kind = "json lines" if suffix in {".jsonl", ".ndjson"} else "text"
    return Preview(kind, tuple(lines[:_MOST_ROWS]), is_cut or len(lines) > _MOST_ROWS)


def _json(path: Path, head: str) -> Preview:
    try:
        value: JsonValue = json.loads(path.read_bytes())
    except (ValueError, OSError, RecursionError):
        lines = head.splitlines()
        return Preview("json that cannot be parsed", tuple(lines[:_MOST_ROWS]), len(lines) > _MOST_ROWS)
    lines = dump_json(value, indent=2).splitlines()
    return Preview("json", tuple(lines[:_MOST_ROWS]), len(lines) > _MOST_ROWS)


def _table(text: str, delimiter: str, *, is_cut: bool) -> Preview:
    whole = text.splitlines()[:-1] if is_cut else text.splitlines()
    rows = list(csv.reader(whole, delimiter=delimiter))
    widths = [max((len(row[i]) for row in rows[: _MOST_ROWS + 1] if i < len(row)), default=0) for i in range(64)]
    shown = tuple(
        "  ".join(cell.ljust(widths[index]) for index, cell in enumerate(row[:64])).rstrip()
        for row in rows[: _MOST_ROWS + 1]
    )
    return Preview("table", shown, is_cut or len(rows) > _MOST_ROWS + 1)


def _parquet(path: Path) -> Preview:
    """DuckDB reads parquet without pulling in pandas or arrow; it is an extra, since few need it."""
    try:
        import duckdb  # noqa: PLC0415  # an extra, and slow to import
    except ImportError:
        return Preview(f"parquet: install {PARQUET_EXTRA} to look into it", ())
    try:
        with duckdb.connect() as connection:
            relation = connection.from_parquet(os.fspath(path))
            count = len(relation)
            rows = relation.limit(_MOST_ROWS).fetchall()
            names = list(relation.columns)
    except (duckdb.Error, OSError) as error:
        return Preview(f"parquet that cannot be read: {str(error).splitlines()[0]}", ())
    lines = ["  ".join(names), *("  ".join(str(cell) for cell in row) for row in rows)]
    return Preview(f"parquet, {count} rows, {len(names)} columns", tuple(lines), count > len(rows))


def _image_size(head: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG, GIF or JPEG image, as the beginning of its file says them."""
    if head.startswith(b"\x89PNG\r\n\x1a\n") and len(head) >= 24:
        return struct.unpack(">II", head[16:24])
    if head.startswith((b"GIF87a", b"GIF89a")) and len(head) >= 10:
        return struct.unpack("<HH", head[6:10])
    if head.startswith(b"\xff\xd8"):
        return _jpeg_size(head)
    return None


def _jpeg_size(head: bytes) -> tuple[int, int] | None:
    """Walk through the segments to the frame header (ITU T.81, B.2.2)."""
    at = 2
    while at + 9 < len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(head[at + 2 : at + 4], "big")
    return None
