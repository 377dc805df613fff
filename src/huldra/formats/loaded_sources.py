"""What sources.json says, as plain data that takes no time to import. `records.SourcesRecord` says what keys mean."""

from typing import Literal

from msgspec import Struct


class LoadedSources(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The code that was loaded in a run's process when it succeeded."""

    schema_version: Literal[1] = 1
    python: str
    root_marker: str
    entry: str | None
    files: dict[str, str]
    distributions: dict[str, str]
    not_copied: dict[str, str] = {}
    changed_since_start: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
