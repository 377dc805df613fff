"""What was begun and is not done, so that it can be gone on with. One file below the root's cache directory."""

import os
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from huldra.formats.json_values import JsonError, JsonObject, dump_json, parse_json_object

_CACHE = ".huldra_cache"


class Session(Struct, frozen=True):
    """What was asked for; `keys` are all steps, as `class/hash`, and `done` those that are made."""

    keys: tuple[str, ...]
    done: tuple[str, ...]
    code: str
    with_upstream: bool

    @property
    def left(self) -> tuple[str, ...]:
        """The steps that are not made yet."""
        return tuple(key for key in self.keys if key not in self.done)

    def with_done(self, key: str) -> "Session":
        """Return the session with one more step made."""
        return replace(self, done=(*self.done, key))


def launch_directory(root: Path) -> Path:
    """Return where what belongs to no run is kept.

    Effect: makes it, with the file that keeps it out of version control.
    """
    cache = root / _CACHE
    directory = cache / "launch"
    directory.mkdir(parents=True, exist_ok=True)
    ignored = cache / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n", encoding="utf-8")
    return directory


def save_session(root: Path, session: Session) -> None:
    """Effect: write what is left to do; remove it when that is nothing."""
    file = launch_directory(root) / "session.json"
    if not session.left:
        file.unlink(missing_ok=True)
        return
    data: JsonObject = {
        "schema_version": 1,
        "keys": list(session.keys),
        "done": list(session.done),
        "code": session.code,
        "with_upstream": session.with_upstream,
    }
    draft = file.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(f"{dump_json(data, indent=2)}\n", encoding="utf-8")
    draft.replace(file)


def read_session(root: Path) -> Session | None:
    """Return what was begun and is not done; None if there is nothing, or nothing that can be read.

    Effect: reads one file.
    """
    try:
        data = parse_json_object((root / _CACHE / "launch" / "session.json").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, JsonError):
        return None
    match data:
        case {"keys": [*keys], "done": [*done], "code": str(code), "with_upstream": bool(with_upstream)}:
            return Session(_texts(keys), _texts(done), code, with_upstream)
        case _:
            return None


def _texts(values: Sequence[object]) -> tuple[str, ...]:
    return tuple(value for value in values if isinstance(value, str))
