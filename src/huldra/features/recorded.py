"""From the recording of a program to the experiments that it asked for. Knows lines of JSON, not their file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from huldra.features.manifest_entries import Candidate, Refusal
from huldra.formats.config_documents import CLASS_MARKER
from huldra.formats.dialect import DIALECTS
from huldra.formats.json_values import JsonError, JsonObject, JsonValue, parse_json_object

_METHODS = frozenset(name for dialect in DIALECTS for name in (dialect.create_method, dialect.restore_method))


def recorded_candidates(lines: Iterable[str]) -> tuple[tuple[Candidate, ...], tuple[Refusal, ...]]:
    """Return the experiments that a program asked for, and those that it could not say exactly.

    Left out is what experiments ask for inside their own methods, and what others of the list hold in their fields:
    who makes these makes that. If nothing was asked for, what was built counts.
    """
    events = list(_events(lines))
    asked = [event for event in events if event.get("event") == "asked" and not _is_inside_method(event)]
    chosen = asked or [event for event in events if event.get("event") == "built" and not _is_inside_method(event)]
    held = {repr(inner) for event in chosen for inner in _inner_configs(event.get("fields"))}
    candidates: dict[str, Candidate] = {}
    refused: dict[str, Refusal] = {}
    for event in chosen:
        class_name, digest, fields = event.get("class"), event.get("hash"), event.get("fields")
        key = f"{class_name}/{digest or 'no hash'}"
        if not isinstance(digest, str) or not isinstance(fields, Mapping):
            reason = event.get("error")
            refused.setdefault(key, Refusal(key, reason if isinstance(reason, str) else "it was not recorded exactly"))
        elif repr({CLASS_MARKER: class_name, **fields}) not in held:
            candidates.setdefault(key, Candidate(key, fields))
    return tuple(candidates.values()), tuple(refused.values())


def _events(lines: Iterable[str]) -> Iterator[JsonObject]:
    for line in lines:
        try:
            yield parse_json_object(line)
        except JsonError:
            continue  # a process that was killed while it wrote its last line


def _is_inside_method(event: JsonObject) -> bool:
    site = event.get("site")
    where = site.get("in") if isinstance(site, Mapping) else None
    return isinstance(where, str) and not _METHODS.isdisjoint(where.split("."))


def _inner_configs(value: JsonValue) -> Iterator[JsonObject]:
    if isinstance(value, Mapping):
        if CLASS_MARKER in value:
            yield value
        for item in value.values():
            yield from _inner_configs(item)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from _inner_configs(item)
