"""What the strict models say of a file that the quick decoders refuse, and what is wrong with it, in words.

Slow to import, for the models are pydantic's: most processes meet no such file.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec
from pydantic import ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from huldra.formats.json_values import JsonValue
from huldra.formats.loaded_sources import LoadedSources
from huldra.formats.records import (
    EventRecord,
    MetadataRecord,
    MigrationRecord,
    Record,
    SourcesRecord,
    StateRecord,
    SuccessRecord,
)
from huldra.stored_runs.record_files import Damaged, name_of
from huldra.stored_runs.record_shapes import (
    MetadataShape,
    Refusal,
    StateShape,
    SuccessShape,
    decode_event,
    metadata_of_record,
    state_of_record,
    success_of_record,
)

_PREFIXED = frozenset({"python_def", "obj", "hash", "path"})
_TAGGED = frozenset({"result", "attempt"})
_LONGEST_SHOWN = 40

_AnyRecord = TypeVar("_AnyRecord", bound=Record)


def check_record(path: str | Path, data: bytes, model: type[_AnyRecord]) -> _AnyRecord | Damaged:
    """Return the record that the bytes of a file hold."""
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        return Damaged(name_of(path), _fault(data, error))


def strict_state(path: str, data: bytes) -> StateShape | Damaged:
    """Return the state that the bytes of a file hold."""
    record = check_record(path, data, StateRecord)
    return record if isinstance(record, Damaged) else state_of_record(record)


def strict_success(path: str, data: bytes) -> SuccessShape | Damaged:
    """Return the marker of success that the bytes of a file hold."""
    record = check_record(path, data, SuccessRecord)
    return record if isinstance(record, Damaged) else success_of_record(record)


def strict_metadata(path: str, data: bytes, prefix: str) -> tuple[MetadataShape, JsonValue] | Damaged:
    """Return the metadata that the bytes of a file hold, and the config in them."""
    record = check_record(path, data, metadata_model(prefix))
    return record if isinstance(record, Damaged) else (metadata_of_record(record), record.obj)


def strict_sources(path: str, data: bytes) -> LoadedSources | Damaged:
    """Return the record of the code that was loaded which the bytes of a file hold."""
    record = check_record(path, data, SourcesRecord)
    return record if isinstance(record, Damaged) else msgspec.convert(record.model_dump(), LoadedSources)


def strict_migration(path: str, data: bytes) -> MigrationRecord | Damaged:
    """Return the record of a migration that the bytes of a file hold."""
    return check_record(path, data, MigrationRecord)


@cache
def metadata_model(prefix: str) -> type[MetadataRecord]:
    """Return the metadata record with its keys as one name of the library writes them (`huldra_hash`)."""

    class PrefixedMetadata(MetadataRecord):
        model_config = ConfigDict(alias_generator=_key_with(prefix))

    return PrefixedMetadata


def _key_with(prefix: str) -> Callable[[str], str]:
    return lambda name: f"{prefix}_{name}" if name in _PREFIXED else name


def count_by_line(path: str | Path, lines: list[bytes]) -> tuple[int, Damaged | None]:
    """Return how many attempts the lines of an events file say were started, and the first damaged line."""
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
            damaged = Damaged(name_of(path), f"line {number} {_fault(line, event)}")
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
