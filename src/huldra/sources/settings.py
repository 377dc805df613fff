"""What the user has configured, read from `pyproject.toml` or `huldra.toml` and checked. Knows no command line."""

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from huldra.sources.toml_files import (
    SettingsError,
    TomlValue,
    line_of_key,
    parse_toml,
    read_toml_text,
    value_at,
)

PYPROJECT_FILE = "pyproject.toml"
OWN_FILE = "huldra.toml"
_PYPROJECT_KEYS = ("tool", "huldra")

Texts = tuple[str, ...]
Count = Annotated[int, Meta(ge=1)]
Scalar = str | bool | int | float


class SettingsTable(Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """A table of settings; `max_jobs` in Python is `max-jobs` in the file."""


class Limits(SettingsTable, frozen=True):
    """Where the engine stops, and says so. `file_size` is in bytes."""

    configs_per_site: Count = 10_000
    call_depth: Count = 50
    steps: Count = 250_000
    file_size: Count = 2_000_000


DEFAULT_LIMITS = Limits()


class FingerprintSettings(SettingsTable, frozen=True):
    """What counts as a change of meaning: package versions (all, or the named), calls whose arguments don't count."""

    packages: bool | Texts = False
    ignore_calls: Texts = ()


class RunSettings(SettingsTable, frozen=True):
    """How experiments are started. `python` is an interpreter or its environment, relative to the root."""

    python: str | None = None
    backend: Literal["local", "slurm", "print"] = "local"
    jobs: Count = 1
    confirm_over_hours: Annotated[float, Meta(ge=0)] | None = None
    slurm: Mapping[str, Scalar] = {}


class Settings(SettingsTable, frozen=True):
    """`[tool.huldra]`. `src` is None if the import roots are to be found from the layout; None elsewhere is unset."""

    store: str | None = None
    further_stores: Texts = ()
    src: Texts | None = None
    exclude: Texts = ()
    bases: Texts = ()
    select: Texts = ()
    ignore: Texts = ()
    per_file_ignores: Mapping[str, Texts] = {}
    baseline: str | None = None
    manifests: Texts = ()
    limits: Limits = DEFAULT_LIMITS
    fingerprint: FingerprintSettings = FingerprintSettings()
    run: RunSettings = RunSettings()


def _lead_out_of_the_root(src: Iterable[str]) -> str | None:
    for name in src:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            return f"expected directories below the root, found {name!r}"
    return None


def _are_no_dotted_names(bases: Iterable[str]) -> str | None:
    for name in bases:
        if not all(part.isidentifier() for part in name.split(".")):
            return f"expected dotted names of classes, found {name!r}"
    return None


_RULES = {"src": _lead_out_of_the_root, "bases": _are_no_dotted_names}


def load_settings(root: Path) -> Settings:
    """Return the settings of the project at `root`; the defaults if it has none.

    In `huldra.toml` the keys stand at the top, in `pyproject.toml` below `[tool.huldra]`.

    Raises:
        SettingsError: a file cannot be read or is not TOML, both files hold settings, a key is unknown, or a value
            has the wrong type.
    """
    pyproject = _read_table(root / PYPROJECT_FILE, _PYPROJECT_KEYS, "[tool.huldra]")
    own = _read_table(root / OWN_FILE, (), OWN_FILE)
    if own and own.table and pyproject and pyproject.table:
        message = f"[tool.huldra] is set here, and settings stand in {own.file} too; keep one of the two"
        raise SettingsError(message, pyproject.file, line_of_key(pyproject.text, pyproject.keys))
    chosen = own if own and own.table else pyproject
    return _checked(chosen) if chosen else Settings()


def error_at(root: Path, keys: tuple[str, ...], message: str) -> SettingsError:
    """Effect: read the settings again. Return the error that says where a key of theirs stands, and what is wrong."""
    for file, above in ((PYPROJECT_FILE, _PYPROJECT_KEYS), (OWN_FILE, ())):
        read = _read_table(root / file, above, file)
        line = None if read is None else line_of_key(read.text, (*above, *keys))
        if read is not None and line is not None:
            return SettingsError(message, read.file, line)
    return SettingsError(message)


class _ReadTable(Struct, frozen=True):
    """The settings as written: `table` is what stands below `keys` of the file, and no table if it is wrong."""

    file: Path
    text: str
    table: TomlValue
    keys: tuple[str, ...]
    title: str


def _read_table(file: Path, keys: tuple[str, ...], title: str) -> _ReadTable | None:
    text = read_toml_text(file)
    if text is None:
        return None
    table = value_at(parse_toml(text, file), keys)
    return None if table is None else _ReadTable(file, text, table, keys, title)


def _checked(read: _ReadTable) -> Settings:
    try:
        settings = msgspec.convert(read.table, Settings)
    except msgspec.ValidationError as error:
        raise _fault(read, str(error)) from None
    if _lead_out_of_the_root(settings.src or ()) or _are_no_dotted_names(settings.bases):
        raise _fault(read, "cannot be used")
    return settings


def _fault(read: _ReadTable, otherwise: str) -> SettingsError:
    """Return the error that says what is wrong with a table; `otherwise` in words that are not our own."""
    # Of all that read settings few find a fault.
    from huldra.sources.settings_faults import Fault, unknown_key, wrong_value  # noqa: PLC0415

    table = read.table
    fault = unknown_key(table, Settings, read.title) if isinstance(table, dict) else None
    fault = fault or wrong_value(table, Settings, _RULES, read.title) or Fault(f"{read.title}: {otherwise}", ())
    keys = (*read.keys, *fault.keys)
    return SettingsError(fault.message, read.file, line_of_key(read.text, keys) if keys else None)
