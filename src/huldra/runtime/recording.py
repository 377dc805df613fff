"""HULDRA_RECORD: each config that is built and each result that is asked for, a line of JSON each, for `discover`."""

import functools
import os
from collections.abc import Callable, Mapping
from typing import Final, Literal

from huldra.formats.config_values import ConfigValue
from huldra.formats.json_values import JsonObject, JsonValue, dump_json
from huldra.formats.manifest_values import manifest_config
from huldra.runtime.documents import to_json_document
from huldra.runtime.log import caller_frame
from huldra.runtime.values import identity_of, to_value

_VARIABLE: Final = "HULDRA_RECORD"


def is_recording() -> bool:
    """Return whether the environment names a file to record to."""
    return bool(os.environ.get(_VARIABLE))


def record_builds(cls: type) -> None:
    """Record each config of a class when it is built, if the process records.

    Effect: wraps the constructor.
    """
    if not is_recording():
        return
    build: Callable[..., None] = getattr(cls, "__init__")  # noqa: B009  chz made it; the type checker sees object's

    @functools.wraps(build)
    def build_and_record(self: object, *args: object, **fields: object) -> None:
        build(self, *args, **fields)
        record("built", self)

    setattr(cls, "__init__", build_and_record)  # noqa: B010


def record(event: Literal["built", "asked"], config: object, more: Mapping[str, JsonValue] | None = None) -> None:
    """Append a line: what happened, to which config, and where in the user's code. Does nothing unless recording.

    Effect: appends to the file with one write, so that lines of many processes stay whole.
    """
    path = os.environ.get(_VARIABLE)
    if not path:
        return
    line = dump_json({"event": event, **_described(config), "site": _site(), "pid": os.getpid(), **(more or {})})
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, f"{line}\n".encode())
    finally:
        os.close(descriptor)


def _described(config: object) -> JsonObject:
    """Return class, config, hash, and the public fields as a manifest has them; where one is refused, why."""
    cls = type(config)
    said: dict[str, JsonValue] = {"class": f"{cls.__module__}.{cls.__qualname__}", "config": None, "hash": None}
    try:
        said["config"] = to_json_document(config)
        said["hash"] = identity_of(config)
        value = to_value(config)
        if isinstance(value, ConfigValue):
            said["fields"] = manifest_config(value)
    except Exception as error:  # noqa: BLE001  the user's properties and models: recording must not change the program
        said["error"] = f"{type(error).__name__}: {error}"
    return said


def _site() -> JsonObject | None:
    frame = caller_frame()
    if frame is None:
        return None
    code = frame.f_code
    file = code.co_filename if code.co_filename.startswith("<") else os.path.realpath(code.co_filename)
    return {"file": file, "line": frame.f_lineno, "in": code.co_qualname}
