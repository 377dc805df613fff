"""One TOML file at a time: its table, and the line on which a key stands. Knows no setting by name."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path

TomlValue = bool | int | float | str | datetime | date | time | list["TomlValue"] | dict[str, "TomlValue"]
TomlTable = Mapping[str, TomlValue]

_LINE_OF_FAULT = re.compile(r"\s*\(at line (\d+), column \d+\)$")


class SettingsError(Exception):
    """The configuration cannot be used: what is wrong, in which file, and on which line if that is known."""

    def __init__(self, message: str, file: Path | None = None, line: int | None = None) -> None:
        super().__init__(message, file, line)
        self.message = message
        self.file = file
        self.line = line

    def __str__(self) -> str:
        if self.file is None:
            return self.message
        place = f"{self.file}:{self.line}" if self.line else f"{self.file}"
        return f"{place}: {self.message}"


def read_toml_text(path: Path) -> str | None:
    """Return a TOML file's text, or None if there is no such file.

    Raises:
        SettingsError: the file cannot be read, or is not UTF-8.
    """
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", path) from error
    try:
        # TOML counts \r\n as one line end; a lone \r is an error that the parser reports.
        return data.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError("is not valid TOML: not UTF-8", path, line) from error


def parse_toml(text: str, path: Path) -> dict[str, TomlValue]:
    """Return the table that TOML text holds; raise SettingsError, naming the file and line, if it is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _LINE_OF_FAULT.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        message = _LINE_OF_FAULT.sub("", str(error)).removesuffix(" (at end of document)")
        raise SettingsError(f"is not valid TOML: {message}", path, line) from error
    except (RecursionError, ValueError) as error:  # too deep, or a number of thousands of digits
        raise SettingsError(f"is not usable TOML: {error}", path) from error


def value_at(table: TomlTable, keys: Sequence[str]) -> TomlValue | None:
    """Return the value below a row of keys, or None if there is none."""
    value: TomlValue | None = dict(table)
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def table_at(table: TomlTable, keys: Sequence[str]) -> dict[str, TomlValue]:
    """Return the table below a row of keys; an empty one if there is none or it is no table."""
    value = value_at(table, keys)
    return value if isinstance(value, dict) else {}


def texts_at(table: TomlTable, keys: Sequence[str]) -> tuple[str, ...]:
    """Return the string, or the strings of the list, below a row of keys; what is no string is left out."""
    value = value_at(table, keys)
    values = value if isinstance(value, list) else [value]
    return tuple(text for text in values if isinstance(text, str))


def toml_string(text: str) -> str:
    """Return a string as TOML writes it, on one line."""
    # JSON strings are TOML's, but for one character.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def line_of_key(text: str, keys: Sequence[str]) -> int | None:
    """Return the line, from 1, of the statement that first defines a key; None if none does.

    The parser gives no positions, but it does say of each prefix of the text whether it is whole and has the key.
    """
    lines = text.split("\n")
    low, high = 1, len(lines)
    if value_at(_whole_part(lines, high)[1], keys) is None:
        return None
    while low < high:
        middle = (low + high) // 2
        if value_at(_whole_part(lines, middle)[1], keys) is None:
            low = middle + 1
        else:
            high = middle
    return _whole_part(lines, low - 1)[0] + 1


def _whole_part(lines: Sequence[str], count: int) -> tuple[int, dict[str, TomlValue]]:
    """Return how many of the first lines are whole statements, and the table that they give."""
    for number in range(count, 0, -1):
        try:
            return number, tomllib.loads("\n".join(lines[:number]) + "\n")
        except ValueError:
            continue
    return 0, {}
