"""Files that a run's code names by values of its config: `f"prompts/{self.prompt}.txt"`, or a field that holds a name.

Each run has its own values, so that these files belong to runs, and not to the code that all runs of a class share.
"""

from collections.abc import Callable, Iterator

from msgspec import Struct

from huldra.comparison.code_changes import CodeChange
from huldra.fingerprints.data_files import DataFiles, NamedFiles, UnknownContent, name_below
from huldra.fingerprints.file_names import HOLE, directories_above, is_file_name
from huldra.fingerprints.model import Closure, Definition
from huldra.formats.json_values import JsonValue

_CLASS = "__class__"


class ByValue(Struct, frozen=True):
    """What is told of files that are named by values.

    `changes` are those that no longer hold what they held, `doubts` say of which that cannot be told.
    """

    changes: tuple[CodeChange, ...] = ()
    doubts: tuple[str, ...] = ()


NOTHING_BY_VALUE = ByValue()


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
        self._patterns = tuple(
            dict.fromkeys(
                (definition.file, text, definition.name)
                for definition in closure.definitions
                for text, _ in definition.texts
                if HOLE in text
            )
        )
        self._found: dict[tuple[str, str | int], ByValue] = {}

    def told(self, document: JsonValue, is_other_run: Callable[[str], bool]) -> ByValue:
        """Return what is told of the files that a config names.

        Args:
            document: The config, as it was recorded.
            is_other_run: Whether a class that it holds is an experiment: its files are its own run's.
        """
        # Nearly all values are numbers and words that no pattern asks for: none of these is kept.
        values = (
            (path, value)
            for path, value in _values(document, "", is_other_run)
            if self._patterns or (isinstance(value, str) and is_file_name(value))
        )
        found = [each for path, value in values if (each := self._of(path, value)) is not NOTHING_BY_VALUE]
        if not found:
            return NOTHING_BY_VALUE
        changes = {change.definition: change for each in found for change in each.changes}
        return ByValue(tuple(changes.values()), tuple(dict.fromkeys(doubt for each in found for doubt in each.doubts)))

    def _of(self, path: str, value: str | int) -> ByValue:
        key = (path, value)
        if key not in self._found:
            self._found[key] = self._compared(path, value)
        return self._found[key]

    def _compared(self, path: str, value: str | int) -> ByValue:
        changes: list[CodeChange] = []
        doubts: list[str] = []
        for file, text, definition in self._texts(value):
            for name, then in self._named.files(file, text).items():
                now = self._now.content_id(name)
                way = f"named by the field {path}" + (f" in {definition}" if definition else "")
                unknown = next((each for each in (then, now) if isinstance(each, UnknownContent)), None)
                if unknown is not None:
                    doubts.append(f"{name}, {way}: {unknown.reason}")
                elif isinstance(then, str) and then != now:
                    changes.append(self._change(name, then, now if isinstance(now, str) else None, way))
        return ByValue(tuple(changes), tuple(doubts)) if changes or doubts else NOTHING_BY_VALUE

    def _texts(self, value: str | int) -> Iterator[tuple[str, str, str]]:
        """Yield the names that a value gives, with the file that they are looked for from, and who names them."""
        if isinstance(value, str) and is_file_name(value) and self._may_be_here(value):
            yield self._file, value, ""
        for file, pattern, definition in self._patterns:
            text = pattern.replace(HOLE, str(value))
            if is_file_name(text):
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


def _definition(name: str, content: str) -> Definition:
    return Definition(name, "file", name, 1, 1, content, (), (), ())


def _values(value: JsonValue, path: str, is_other_run: Callable[[str], bool]) -> Iterator[tuple[str, str | int]]:
    """Yield the texts and whole numbers of a config, each with the field that it stands in."""
    if isinstance(value, dict):
        name = value.get(_CLASS)
        if path and isinstance(name, str) and is_other_run(name):
            return
        for key, inner in value.items():
            if key != _CLASS:
                yield from _values(inner, f"{path}.{key}" if path else key, is_other_run)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, path, is_other_run)
    elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        yield path, value
