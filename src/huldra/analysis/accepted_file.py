"""The ledger of accepted changes as a file of the project: one entry a line, sorted, so that branches rarely meet.

Knows the text and the disk, not what an entry means.
"""

from collections.abc import Iterable
from pathlib import Path

from huldra.comparison.accepted import Accepted, AcceptedChange
from huldra.sources.file_names import ACCEPTED_FILE
from huldra.sources.toml_files import SettingsError, TomlValue, line_of_key, parse_toml, read_toml_text, toml_string

_VERSION = 1
_HEAD = f"""\
# Changes of code that do not matter to results that were made before them. `huldra accept` writes this file: see
# `huldra accept --help`. An entry holds for one change exactly, and lapses by itself at the next one.
version = {_VERSION}
accepted = [
"""
_KEYS = ("class", "definition", "then", "now", "reason", "on")


def read_accepted(root: Path) -> Accepted:
    """Return the ledger of a project; an empty one where it has none.

    Raises:
        SettingsError: the file is there and cannot be read, or holds something else.
    """
    path = root / ACCEPTED_FILE
    text = read_toml_text(path)
    return Accepted(() if text is None else parse_accepted(text, path))


def write_accepted(root: Path, entries: Iterable[AcceptedChange]) -> Path:
    """Effect: write the ledger anew. Return its path.

    Raises:
        OSError: it cannot be written; the file is as it was.
    """
    from huldra.sources.target_file import write_target  # noqa: PLC0415  # which few need, and brings much along

    path = root / ACCEPTED_FILE
    write_target(path, accepted_text(entries))
    return path


def parse_accepted(text: str, path: Path) -> tuple[AcceptedChange, ...]:
    """Return the entries of a ledger's text; what two branches have both added is one.

    Raises:
        SettingsError: it is none, or one of a later version.
    """
    table = parse_toml(text, path)
    if not table:
        return ()  # somebody has emptied it
    if table.get("version") != _VERSION:
        message = f"is no ledger of version {_VERSION}; a later huldra may have written it"
        raise SettingsError(message, path, line_of_key(text, ("version",)))
    found = table.get("accepted")
    if not isinstance(found, list):
        raise SettingsError("is no ledger: `accepted` is not a list", path, line_of_key(text, ("accepted",)))
    entries = [_entry(item, number, text, path) for number, item in enumerate(found, 1)]
    return _once(entries)


def accepted_text(entries: Iterable[AcceptedChange]) -> str:
    """Return the text of a ledger; the same entries give the same text."""
    lines = "".join(f"    {_line(entry)},\n" for entry in _once(entries))
    return f"{_HEAD}{lines}]\n"


def _once(entries: Iterable[AcceptedChange]) -> tuple[AcceptedChange, ...]:
    """Of entries about the same change the one that was written first."""
    found: dict[tuple[str, str, str, str], AcceptedChange] = {}
    for entry in sorted(entries, key=lambda entry: (entry.key, entry.on, entry.reason)):
        found.setdefault(entry.key, entry)
    return tuple(found.values())


def _entry(item: TomlValue, number: int, text: str, path: Path) -> AcceptedChange:
    line = line_of_key(text, ("accepted",))
    if not isinstance(item, dict) or set(item) != set(_KEYS):
        message = f"entry {number} of `accepted` must have exactly the keys {', '.join(_KEYS)}"
        raise SettingsError(message, path, line)
    values = [value for key in _KEYS if isinstance(value := item[key], str)]
    if len(values) != len(_KEYS):
        raise SettingsError(f"entry {number} of `accepted` must hold strings only", path, line)
    return AcceptedChange(*values)


def _line(entry: AcceptedChange) -> str:
    values = (entry.class_name, entry.definition, entry.then, entry.now, entry.reason, entry.on)
    words = ", ".join(f"{key} = {toml_string(value)}" for key, value in zip(_KEYS, values, strict=True))
    return f"{{ {words} }}"
