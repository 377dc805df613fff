"""Files that a run's code names by values of its config: `f"prompts/{self.prompt}.txt"`, or a field that holds a name.

Each run has its own values, so that these files belong to runs, and not to the code that all runs of a class share.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from huldra.comparison.code_changes import CodeChange
from huldra.fingerprints.data_files import DataFiles, NamedFiles, UnknownContent, name_below
from huldra.fingerprints.file_names import HOLE, directories_above, is_file_name
from huldra.fingerprints.model import Closure, Definition
from huldra.formats.globbing import is_pattern
from huldra.formats.json_values import JsonValue

_CLASS = "__class__"


class ByValue(Struct, frozen=True):
    """What is told of files that are named by values.

    `changes` are those that no longer hold what they held, `doubts` say of which that cannot be told.
    """

    changes: tuple[CodeChange, ...] = ()
    doubts: tuple[str, ...] = ()


NOTHING_BY_VALUE = ByValue()


class _Given(Struct, frozen=True):
    """A text or a whole number of a config, the field that it stands in, and whether that is one of this run alone."""

    path: str
    value: str | int
    is_own: bool


class _Parted(Struct, frozen=True):
    """A file of a state, the parts of its name that are values of the runs which it is for, and who names it.

    Without parts it is a name with wildcards, of which it cannot be told what it finds.
    """

    name: str
    then: str | UnknownContent
    parts: tuple[str, ...]
    definition: str

    def named_by(self, paths: Mapping[str, str]) -> str:
        """Return in words what names it, given the fields that hold its parts."""
        fields = " and ".join(dict.fromkeys(paths[part] for part in self.parts))
        return f"named by {fields or 'several values'} in {self.definition}"


class FilesByValue:
    """Finds the files that runs of one class and one state of the code name by their values; what is found is kept.

    Args:
        closure: What the runs reached.
        then: The files of that state.
        now: The files of today.
        class_now: The class of the runs, as it is called today.
    """

    def __init__(self, closure: Closure, then: DataFiles, now: DataFiles, class_now: str) -> None:
        self._named = NamedFiles(closure, then)
        self._now = now
        self._class_now = class_now
        self._file = closure.root.file
        patterns = dict.fromkeys(
            (definition.file, text, definition.name)
            for definition in closure.definitions
            for text, _ in definition.texts
            if HOLE in text
        )
        self._patterns = tuple(pattern for pattern in patterns if pattern[1].count(HOLE) == 1)
        self._several = tuple(pattern for pattern in patterns if pattern[1].count(HOLE) > 1)
        self._found: dict[_Given, ByValue] = {}
        self._told: dict[tuple[tuple[str, str], ...], ByValue] = {}

    def told(self, document: JsonValue, is_other_run: Callable[[str], bool]) -> ByValue:
        """Return what is told of the files that a config names.

        Args:
            document: The config, as it was recorded.
            is_other_run: Whether a class that it holds is an experiment: what its fields name is its own run's.
        """
        # Nearly all values are numbers and words that no pattern asks for: none of these is kept.
        found = [
            each
            for given in _values(document, "", is_other_run)
            if self._patterns or (given.is_own and isinstance(given.value, str) and is_file_name(given.value))
            if (each := self._of(given)) is not NOTHING_BY_VALUE
        ]
        if self._several:
            known = {str(given.value): given.path for given in _values(document, "", is_other_run)}
            found.append(self._of_several({part: known[part] for part in self._parts.intersection(known)}))
        if not any(each.changes or each.doubts for each in found):
            return NOTHING_BY_VALUE
        changes = {change.definition: change for each in found for change in each.changes}
        return ByValue(tuple(changes.values()), tuple(dict.fromkeys(doubt for each in found for doubt in each.doubts)))

    def _of(self, given: _Given) -> ByValue:
        if given not in self._found:
            self._found[given] = self._compared(given)
        return self._found[given]

    @cached_property
    def _of_parts(self) -> tuple[_Parted, ...]:
        """The files of whose names several parts may be values, and those of which that cannot be told."""
        found: list[_Parted] = []
        for file, pattern, definition in self._several:
            text = re.compile(r"(?:^|/)" + "([^/]+)".join(map(re.escape, pattern.split(HOLE))) + "$")
            wanted = pattern.replace(HOLE, "*")
            for name, then in self._named.files(file, wanted).items():
                parts = None if name == wanted else text.search(name)
                if parts is not None or name == wanted:
                    found.append(_Parted(name, then, () if parts is None else parts.groups(), definition))
        return tuple(found)

    @cached_property
    def _parts(self) -> frozenset[str]:
        return frozenset(part for each in self._of_parts for part in each.parts)

    def _of_several(self, paths: Mapping[str, str]) -> ByValue:
        """Return what is told of files by the values that may be a part of their names, and the fields that hold these.

        Runs with the same of these are told the same.
        """
        key = tuple(sorted(paths.items()))
        if key not in self._told:
            wanted = (each for each in self._of_parts if all(part in paths for part in each.parts))
            found = [self._one(each.name, each.then, each.named_by(paths)) for each in wanted]
            changes = tuple(change for each in found for change in each.changes)
            self._told[key] = ByValue(changes, tuple(doubt for each in found for doubt in each.doubts))
        return self._told[key]

    def _compared(self, given: _Given) -> ByValue:
        changes: list[CodeChange] = []
        doubts: list[str] = []
        for file, text, definition in self._texts(given):
            way = f"named by the field {given.path}" + (f" in {definition}" if definition else "")
            for name, then in self._named.files(file, text).items():
                found = self._one(name, then, way)
                changes += found.changes
                doubts += found.doubts
        return ByValue(tuple(changes), tuple(doubts)) if changes or doubts else NOTHING_BY_VALUE

    def _one(self, name: str, then: str | UnknownContent, way: str) -> ByValue:
        """Return what is told of one file that was there."""
        now = self._now.content_id(name)
        unknown = next((each for each in (then, now) if isinstance(each, UnknownContent)), None)
        if unknown is not None:
            return ByValue(doubts=(f"{name}, {way}: {unknown.reason}",))
        if isinstance(then, str) and then != now:
            return ByValue((self._change(name, then, now if isinstance(now, str) else None, way),))
        return NOTHING_BY_VALUE

    def _texts(self, given: _Given) -> Iterator[tuple[str, str, str]]:
        """Yield the names that a value gives, with the file that they are looked for from, and who names them."""
        value = given.value
        if given.is_own and isinstance(value, str) and is_file_name(value) and self._may_be_here(value):
            yield self._file, value, ""
        for file, pattern, definition in self._patterns:
            text = pattern.replace(HOLE, str(value))
            if is_file_name(text) or is_pattern(text):
                yield file, text, definition

    def _may_be_here(self, name: str) -> bool:
        """Whether there is a directory today that a name leads to; most values with a slash name something else."""
        directory = name.rpartition("/")[0]
        places = (name_below(at, directory) for at in directories_above(self._file.rpartition("/")[0]))
        return not directory or any(place is not None and self._now.is_directory(place) for place in places)

    def _change(self, name: str, then: str, now: str | None, way: str) -> CodeChange:
        what = "is gone" if now is None else "changed"
        return CodeChange(
            then=_definition(name, then),
            now=None if now is None else _definition(name, now),
            chain=(name,),
            message=f"{name} {what}, {way}",
            is_certain=False,
            class_name=self._class_now,
            then_fingerprint=then,
            now_fingerprint=now or "",
        )


def own_texts(document: JsonValue, is_other_run: Callable[[str], bool]) -> frozenset[str]:
    """Return the texts and numbers that a config itself holds, or what it holds that is no other run."""
    return frozenset(str(given.value) for given in _values(document, "", is_other_run) if given.is_own)


def _definition(name: str, content: str) -> Definition:
    return Definition(name, "file", name, 1, 1, content, (), (), ())


def _values(
    value: JsonValue, path: str, is_other_run: Callable[[str], bool], *, is_own: bool = True
) -> Iterator[_Given]:
    if isinstance(value, dict):
        name = value.get(_CLASS)
        is_own = is_own and not (path and isinstance(name, str) and is_other_run(name))
        for key, inner in value.items():
            if key != _CLASS:
                yield from _values(inner, f"{path}.{key}" if path else key, is_other_run, is_own=is_own)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, path, is_other_run, is_own=is_own)
    elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        yield _Given(path, value, is_own)
