"""One stored file at a time, from bytes to a checked record. Damage is data that names the file and the fault."""

import os
import stat
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from pydantic import ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from huldra.formats.records import EventRecord, MetadataRecord, Record
from huldra.stored_runs.record_shapes import Refusal, decode_event

MAX_RECORD_BYTES = 100 * 1024 * 1024
_PREFIXED = frozenset({"python_def", "obj", "hash", "path"})
_TAGGED = frozenset({"result", "attempt"})
_LONGEST_SHOWN = 40
_READ_AT_ONCE = 1024 * 1024
_READ: int = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""A pipe must not make us wait."""

_open_at_once = os.open
_AnyRecord = TypeVar("_AnyRecord", bound=Record)


class Damaged(Struct, frozen=True):
    """A file that is there and cannot be used."""

    file: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}"


class Seen:
    """How the files of a run looked when they were read; and the text of its config, if that is plain JSON."""

    __slots__ = ("config", "files")

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.files: dict[str | Path, os.stat_result] = {}
        self.config: bytes | None = None


def read_bytes(path: str | Path, limit: int = MAX_RECORD_BYTES, seen: Seen | None = None) -> bytes | Damaged | None:
    """Return a file's bytes, or None if there is no such file (any more). A file past the limit is not read.

    Args:
        path: The file.
        limit: How many bytes it may have.
        seen: Told how the file looked when it was opened.
    """
    try:
        opened = _open_at_once(path, _READ)  # before it is looked at, which saves a look at each of very many files
    except (FileNotFoundError, NotADirectoryError):
        return Damaged(_name(path), "is a broken symlink") if os.path.islink(path) else None  # noqa: PTH114
    except IsADirectoryError:
        return Damaged(_name(path), "is a directory, not a file")
    except OSError as error:
        return _unreadable(path, error)
    try:
        found = os.fstat(opened)
        if seen is not None:
            seen.files[path] = found
        if not stat.S_ISREG(found.st_mode):
            is_directory = stat.S_ISDIR(found.st_mode)
            return Damaged(
                _name(path), "is a directory, not a file" if is_directory else "is a device or a pipe, not a file"
            )
        if found.st_size > limit:
            return Damaged(_name(path), f"is too large ({found.st_size} bytes, limit {limit})")
        size = found.st_size
        data = os.read(opened, size + 1) if size < _READ_AT_ONCE else b""
        if len(data) == size < _READ_AT_ONCE:
            return data  # nearly always; a single read may give fewer, and a file may grow
        data = _read_rest(opened, data, limit + 1)
    except OSError as error:
        return _unreadable(path, error)
    finally:
        os.close(opened)
    return data if len(data) <= limit else Damaged(_name(path), f"is too large (limit {limit} bytes)")


def _name(path: str | Path) -> str:
    return os.path.basename(path)  # noqa: PTH119  once for every file of a hundred thousand runs


def _unreadable(path: str | Path, error: OSError) -> Damaged:
    return Damaged(_name(path), f"cannot be read: {error.strerror}")


def _read_rest(opened: int, data: bytes, limit: int) -> bytes:
    """Return the bytes of a file of which some have been read, at most so many."""
    parts = [data]
    limit -= len(data)
    while limit > 0 and (part := os.read(opened, min(limit, _READ_AT_ONCE))):
        parts.append(part)
        limit -= len(part)
    return b"".join(parts)


def read_record(
    path: str | Path, model: type[_AnyRecord], limit: int = MAX_RECORD_BYTES
) -> _AnyRecord | Damaged | None:
    """Return the record that a file holds, or None if there is no such file."""
    data = read_bytes(path, limit)
    return check_record(path, data, model) if isinstance(data, bytes) else data


def check_record(path: str | Path, data: bytes, model: type[_AnyRecord]) -> _AnyRecord | Damaged:
    """Return the record that the bytes of a file hold."""
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        return Damaged(_name(path), _fault(data, error))


@cache
def metadata_model(prefix: str) -> type[MetadataRecord]:
    """Return the metadata record with its keys as one name of the library writes them (`huldra_hash`)."""

    class PrefixedMetadata(MetadataRecord):
        model_config = ConfigDict(alias_generator=_key_with(prefix))

    return PrefixedMetadata


def _key_with(prefix: str) -> Callable[[str], str]:
    return lambda name: f"{prefix}_{name}" if name in _PREFIXED else name


def count_started(path: str | Path, seen: Seen | None = None) -> tuple[int, Damaged | None]:
    """Return how many attempts an events file says were started, and its first damaged line."""
    data = read_bytes(path, seen=seen)
    if not isinstance(data, bytes):
        return 0, data
    lines = data.split(b"\n")
    try:  # nearly always all are as the library writes them
        return [decode_event(line).type for line in lines if line].count("attempt_started"), None
    except Refusal:
        return _count_by_line(path, lines)


def _count_by_line(path: str | Path, lines: list[bytes]) -> tuple[int, Damaged | None]:
    started, damaged = 0, None
    *whole, tail = lines
    # Text past the last line end is a line that is being written: it counts if it is whole, and is no damage if not.
    for number, line in enumerate((*whole, tail), start=1):
        if not line or line.isspace():
            continue
        event = _event_type(line)
        if isinstance(event, str):
            started += event == "attempt_started"
        elif damaged is None and number <= len(whole):
            damaged = Damaged(_name(path), f"line {number} {_fault(line, event)}")
    return started, damaged


def _event_type(line: bytes) -> str | ValidationError:
    try:
        return decode_event(line).type
    except Refusal:
        pass
    try:
        return EventRecord.model_validate_json(line).type
    except ValidationError as error:
        return error


def _fault(data: bytes, error: ValidationError) -> str:
    """Say in one line why bytes are not the record they should be."""
    if not data.strip():
        return "is empty"
    try:
        data.decode()
    except UnicodeDecodeError as fault:
        return f"is not UTF-8 (byte {fault.start})"
    first, *others = error.errors(include_url=False, include_context=False)
    return _one_fault(first) + (f" (and {len(others)} more)" if others else "")


def _one_fault(fault: ErrorDetails) -> str:
    key = _key(fault["loc"])
    match fault["type"]:
        case "json_invalid":
            return f"is not JSON: {fault['msg'].removeprefix('Invalid JSON: ')}"
        case "extra_forbidden":
            return f"unknown key {key!r}"
        case "missing":
            return f"key {key!r} is missing"
        case _:
            return f"{key or 'the whole'}: {fault['msg']}{_found(fault['input'])}"


def _found(value: object) -> str:
    if isinstance(value, str) and len(value) > _LONGEST_SHOWN:
        return ""
    return f", found {value!r}" if value is None or isinstance(value, str | bool | int | float) else ""


def _key(location: tuple[int | str, ...]) -> str:
    """Return a key as it stands in the file: pydantic also names the variant it chose by `status`."""
    if len(location) > 1 and location[0] in _TAGGED:
        location = (location[0], *location[2:])
    return ".".join(str(part) for part in location)
