"""One stored file at a time, from bytes to a checked record. Damage is data that names the file and the fault."""

import io
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from huldra.formats.records import EventRecord, MetadataRecord, Record

MAX_RECORD_BYTES = 100 * 1024 * 1024
_PREFIXED = frozenset({"python_def", "obj", "hash", "path"})
_TAGGED = frozenset({"result", "attempt"})
_LONGEST_SHOWN = 40
_READ_AT_ONCE = 1024 * 1024
_AnyRecord = TypeVar("_AnyRecord", bound=Record)


@dataclass(frozen=True, slots=True)
class Damaged:
    """A file that is there and cannot be used."""

    file: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}"


def read_bytes(path: Path, limit: int = MAX_RECORD_BYTES) -> bytes | Damaged | None:
    """Return a file's bytes, or None if there is no such file (any more). A file past the limit is not read."""
    try:
        # Opened before it is looked at, which saves a look at each of very many files; a pipe must not make us wait.
        with open(path, "rb", buffering=0, opener=_open_at_once) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                return Damaged(path.name, "is a device or a pipe, not a file")
            if found.st_size > limit:
                return Damaged(path.name, f"is too large ({found.st_size} bytes, limit {limit})")
            data = _read_all(file, limit + 1)
    except IsADirectoryError:
        return Damaged(path.name, "is a directory, not a file")
    except (FileNotFoundError, NotADirectoryError):
        return Damaged(path.name, "is a broken symlink") if path.is_symlink() else None
    except OSError as error:
        return Damaged(path.name, f"cannot be read: {error.strerror}")
    return data if len(data) <= limit else Damaged(path.name, f"is too large (limit {limit} bytes)")


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _read_all(file: io.FileIO, limit: int) -> bytes:
    """Return the bytes of a file, at most so many; a single read may give fewer."""
    parts: list[bytes] = []
    while limit > 0 and (part := file.read(min(limit, _READ_AT_ONCE))):
        parts.append(part)
        limit -= len(part)
    return b"".join(parts)


def read_record(path: Path, model: type[_AnyRecord], limit: int = MAX_RECORD_BYTES) -> _AnyRecord | Damaged | None:
    """Return the record that a file holds, or None if there is no such file."""
    data = read_bytes(path, limit)
    if not isinstance(data, bytes):
        return data
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        return Damaged(path.name, _fault(data, error))


@cache
def metadata_model(prefix: str) -> type[MetadataRecord]:
    """Return the metadata record with its keys as one name of the library writes them (`huldra_hash`)."""

    class PrefixedMetadata(MetadataRecord):
        model_config = ConfigDict(alias_generator=_key_with(prefix))

    return PrefixedMetadata


def _key_with(prefix: str) -> Callable[[str], str]:
    return lambda name: f"{prefix}_{name}" if name in _PREFIXED else name


def count_started(path: Path) -> tuple[int, Damaged | None]:
    """Return how many attempts an events file says were started, and its first damaged line."""
    data = read_bytes(path)
    if not isinstance(data, bytes):
        return 0, data
    started, damaged = 0, None
    *whole, tail = data.split(b"\n")
    # Text past the last line end is a line that is being written: it counts if it is whole, and is no damage if not.
    for number, line in enumerate((*whole, tail), start=1):
        if not line.strip():
            continue
        try:
            started += EventRecord.model_validate_json(line).type == "attempt_started"
        except ValidationError as error:
            if damaged is None and number <= len(whole):
                damaged = Damaged(path.name, f"line {number} {_fault(line, error)}")
    return started, damaged


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
