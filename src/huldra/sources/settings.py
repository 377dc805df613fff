"""What the user has configured, read from `pyproject.toml` or `huldra.toml` and checked. Knows no command line."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from msgspec import Struct
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from huldra.sources.settings_faults import kebab, unknown_key, wrong_value
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

# TOML has lists, and frozen settings hold tuples: only the container is read loosely, its items stay strict.
Texts = Annotated[tuple[str, ...], Field(strict=False)]
Count = Annotated[int, Field(ge=1)]
Scalar = str | bool | int | float


class SettingsTable(BaseModel):
    """A strict, immutable table of settings; `max_jobs` in Python is `max-jobs` in the file."""

    # Built when there are settings to check; to construct the defaults does not need it, and takes no time.
    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, alias_generator=kebab, populate_by_name=True, defer_build=True
    )


class Limits(SettingsTable):
    """Where the engine stops, and says so. `file_size` is in bytes."""

    configs_per_site: Count = 10_000
    call_depth: Count = 50
    steps: Count = 250_000
    file_size: Count = 2_000_000


DEFAULT_LIMITS = Limits.model_construct()


class FingerprintSettings(SettingsTable):
    """What counts as a change of meaning: package versions (all, or the named), calls whose arguments don't count."""

    packages: bool | Texts = False
    ignore_calls: Texts = ()


class RunSettings(SettingsTable):
    """How experiments are started. `python` is an interpreter or its environment, relative to the root."""

    python: str | None = None
    backend: Literal["local", "slurm", "print"] = "local"
    jobs: Count = 1
    confirm_over_hours: Annotated[float, Field(ge=0)] | None = None
    slurm: Mapping[str, Scalar] = {}


class Settings(SettingsTable):
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
    fingerprint: FingerprintSettings = FingerprintSettings.model_construct()
    run: RunSettings = RunSettings.model_construct()

    @field_validator("src")
    @classmethod
    def _src_lies_below_the_root(cls, src: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for name in src or ():
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts:
                raise ValueError(f"expected directories below the root, found {name!r}")
        return src

    @field_validator("bases")
    @classmethod
    def _bases_are_dotted_names(cls, bases: tuple[str, ...]) -> tuple[str, ...]:
        for name in bases:
            if not all(part.isidentifier() for part in name.split(".")):
                raise ValueError(f"expected dotted names of classes, found {name!r}")
        return bases


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
    return _checked(chosen) if chosen else Settings.model_construct()


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
    # Only the file's spelling of a key counts there, though the model takes the Python spelling too.
    fault = unknown_key(read.table, Settings, read.title) if isinstance(read.table, dict) else None
    if fault is None:
        try:
            return Settings.model_validate(read.table)
        except ValidationError as error:
            fault = wrong_value(error, read.table, read.title)
    keys = (*read.keys, *fault.keys)
    raise SettingsError(fault.message, read.file, line_of_key(read.text, keys) if keys else None)
