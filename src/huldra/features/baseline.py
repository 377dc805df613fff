"""The findings that a team has decided to live with for now: a sorted list of keys without line numbers, one a line.

Knows the text, not the disk.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from huldra.features.findings import Finding
from huldra.project.places import Place
from huldra.sources.toml_files import SettingsError, line_of_key, parse_toml, toml_string

DEFAULT_BASELINE = "huldra-baseline.toml"
ENTRY_UNMATCHED = "HUL902"
_VERSION = 1
_HEAD = f"""\
# What `huldra check` passes over, until it is mended. `huldra check --write-baseline` writes this file.
version = {_VERSION}
findings = [
"""


class Compared(Struct, frozen=True):
    """Findings against a baseline: those that it does not hold, and the keys of it that fit none."""

    new: tuple[Finding, ...]
    unmatched: tuple[str, ...]


def parse_baseline(text: str, path: Path) -> tuple[str, ...]:
    """Return the keys that the text of a baseline holds.

    Raises:
        SettingsError: it is not one, or one of a later version.
    """
    table = parse_toml(text, path)
    if table.get("version") != _VERSION:
        raise SettingsError(
            f"is no baseline of version {_VERSION}: write it anew", path, line_of_key(text, ("version",))
        )
    found = table.get("findings")
    if not isinstance(found, list):
        raise SettingsError("is no baseline: `findings` is not a list", path, line_of_key(text, ("findings",)))
    keys = tuple(key for key in found if isinstance(key, str))
    if len(keys) != len(found):
        raise SettingsError(
            "is no baseline: `findings` holds more than strings", path, line_of_key(text, ("findings",))
        )
    return keys


def baseline_text(keys: Iterable[str]) -> str:
    """Return the text of a baseline: one key a line, sorted, so that two branches rarely meet."""
    lines = "".join(f"    {toml_string(key)},\n" for key in sorted(keys))
    return f"{_HEAD}{lines}]\n"


def compare_with_baseline(findings: Iterable[Finding], keys: Iterable[str]) -> Compared:
    """Return what is new, run by run, and what of the baseline is not there any more.

    A key that the baseline holds twice stands for two findings, and a third is new.
    """
    left = Counter(keys)
    new = [rest for finding in findings if (rest := _rest(finding, left)) is not None]
    return Compared(tuple(new), tuple(sorted(left.elements())))


def _rest(finding: Finding, left: Counter[str]) -> Finding | None:
    is_new = [not _taken(key, left) for key in finding.keys]
    if not any(is_new):
        return None
    if not finding.runs:
        return finding
    return replace(finding, runs=tuple(run for run, new in zip(finding.runs, is_new, strict=True) if new))


def _taken(key: str, left: Counter[str]) -> bool:
    if not left[key]:
        return False
    left[key] -= 1
    return True


def unmatched_findings(
    unmatched: Iterable[str], text: str, name: str, can_judge: Callable[[str], bool]
) -> tuple[Finding, ...]:
    """Return one finding for each key of a baseline that fits nothing any more, at its line.

    Args:
        unmatched: The keys.
        text: The text of the baseline.
        name: Its root-relative name.
        can_judge: Whether findings of a code would be known if there were any.
    """
    lines = text.split("\n")
    found: list[Finding] = []
    for key in dict.fromkeys(unmatched):
        code, _, words = key.partition(" ")
        if can_judge(code):
            line = next((number for number, line in enumerate(lines, 1) if toml_string(key) in line), 1)
            place = Place(name, line, 1, line, len(lines[line - 1]) + 1)
            found.append(Finding(place, ENTRY_UNMATCHED, "warning", f"{code} is not found any more: {words}", key))
    return tuple(found)
