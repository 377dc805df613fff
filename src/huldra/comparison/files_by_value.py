"""Files that a run's code names by values of its config: `f"prompts/{self.prompt}.txt"`, or a field that holds a name.

Each run has its own values, so that these files belong to runs, and not to the code that all runs of a class share.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from huldra.comparison.code_changes import CodeChange
from huldra.fingerprints.data_files import DataFiles, NamedFiles, UnknownContent, name_below
from huldra.fingerprints.file_names import BESIDE, directories_above, is_file_name
from huldra.fingerprints.model import Closure, Definition
from huldra.fingerprints.name_patterns import HOLE, TURN, may_be_file
from huldra.formats.globbing import is_pattern
from huldra.formats.json_values import JsonValue

_CLASS = "__class__"
_WORD = re.compile(r"[^/{}]+")
_BETWEEN = re.compile(r"[-_\s]+")


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


class _Pattern(Struct, frozen=True):
    """A name with holes, the file of code that it stands in, and the definition that says it.

    `is_of_turn`: a loop gives a part of it, which a value of the config may be equal to by chance. What a caller hands
    over in `parameters` may be one, too.
    """

    file: str
    text: str
    definition: str
    is_of_turn: bool
    parameters: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        """Whether it has one hole and no wildcards, so that a value gives the name of one file."""
        return self.text.count(HOLE) == 1 and not is_pattern(self.text)

    @property
    def is_below(self) -> bool:
        """Whether it names the directory that its files lie in."""
        return "/" in self.text.partition(HOLE)[0]

    def is_told_by(self, given: _Given) -> bool:
        """Whether a value that gives the name of a file is no chance: small numbers are in nearly all configs."""
        is_number = isinstance(given.value, int) and bool(self.parameters)
        return not is_number or given.path.rpartition(".")[2] in self.parameters


class _Parted(Struct, frozen=True):
    """A file of a state that a name with holes may mean, and what its name has in their places."""

    name: str
    then: str | UnknownContent
    parts: tuple[str, ...]


class _Own(Struct, frozen=True):
    """What is told of the files that one value names, and the names with holes that it gives one by."""

    told: ByValue = NOTHING_BY_VALUE
    named: frozenset[_Pattern] = frozenset()


_NOTHING_NAMED = _Own()


class FilesByValue:
    """Finds the files that runs of one class and one state of the code name by their values; what is found is kept.

    A name with holes means the files that have values of the config in their places. Where there are none, these may
    come from texts of the code (`for split in ("train", "test")`), be numbers (`range(5)`), or a value written
    otherwise (`kind.lower()`). Where nothing tells what they are, all files count that the name may mean.

    Args:
        closure: What the runs reached.
        then: The files of that state.
        now: The files of today.
        class_now: The class of the runs, as it is called today.
        file_now: The file that it stands in today; empty if it has not moved.
    """

    def __init__(self, closure: Closure, then: DataFiles, now: DataFiles, class_now: str, file_now: str = "") -> None:
        self._named = NamedFiles(closure, then)
        self._now = now
        self._class_now = class_now
        self._file = closure.root.file
        self._move = _move(self._file, file_now or self._file)
        texts = [(definition, text) for definition in closure.definitions for text, _ in definition.texts]
        self._patterns = tuple(dict.fromkeys(_pattern(*each) for each in texts if HOLE in each[1] or TURN in each[1]))
        plain = (pattern for pattern in self._patterns if not pattern.is_of_turn)
        self._of_one = tuple(pattern for pattern in plain if pattern.text.count(HOLE) == 1)
        self._for_all = frozenset(each.name for each in closure.definitions if each.kind == "file")
        self._words = words_of(closure)
        self._given = frozenset(text for definition in closure.definitions for text in definition.given)
        self._found: dict[_Given, _Own] = {}
        self._meant: dict[_Pattern, tuple[_Parted, ...] | UnknownContent] = {}
        self._told: dict[tuple[_Pattern, frozenset[str], tuple[tuple[str, str], ...]], ByValue] = {}

    def told(self, document: JsonValue, is_other_run: Callable[[str], bool]) -> ByValue:
        """Return what is told of the files that a config names.

        Args:
            document: The config, as it was recorded.
            is_other_run: Whether a class that it holds is an experiment: what its fields name is its own run's.
        """
        # Nearly all values are numbers and words that no pattern asks for: none of these is kept.
        own = [
            each
            for given in _values(document, "", is_other_run)
            if self._of_one or (given.is_own and isinstance(given.value, str) and is_file_name(given.value))
            if (each := self._of(given)) is not _NOTHING_NAMED
        ]
        named = frozenset[_Pattern]().union(*(each.named for each in own))
        others = [pattern for pattern in self._patterns if pattern not in named and self._may_mean(pattern)]
        found = [each.told for each in own]
        found += [self._by_callers] if self._of_one else []
        if others:
            known = {str(given.value): given for given in _values(document, "", is_other_run)}
            found += [self._of_others(pattern, known) for pattern in others]
        if not any(each.changes or each.doubts for each in found):
            return NOTHING_BY_VALUE
        changes = {change.definition: change for each in found for change in each.changes}
        return ByValue(tuple(changes.values()), tuple(dict.fromkeys(doubt for each in found for doubt in each.doubts)))

    def _of(self, given: _Given) -> _Own:
        if given not in self._found:
            self._found[given] = self._compared(given)
        return self._found[given]

    def _compared(self, given: _Given) -> _Own:
        """Return what is told of the files that a value gives the names of."""
        found: list[ByValue] = []
        named: set[_Pattern] = set()
        value, way = given.value, f"named by the field {given.path}"
        if given.is_own and isinstance(value, str) and is_file_name(value) and self._may_be_here(value):
            found += (self._one(*file, way) for file in self._files(self._file, value))
        for pattern in self._of_one:
            text = pattern.text.replace(HOLE, str(value))
            if is_file_name(text) or is_pattern(text):
                told = [self._one(*file, f"{way} in {pattern.definition}") for file in self._files(pattern.file, text)]
                named.update((pattern,) if told and pattern.is_told_by(given) else ())
                found += told
        return _Own(_together(found), frozenset(named)) if found else _NOTHING_NAMED

    @cached_property
    def _by_callers(self) -> ByValue:
        """What is told of files that texts in code give the names of: `load("judge")` beside `load(self.prompt)`."""
        found: list[ByValue] = []
        for pattern in (each for each in self._of_one if each.parameters):
            for text in sorted(self._given):
                name = pattern.text.replace(HOLE, text)
                if is_file_name(name):
                    files = self._files(pattern.file, name)
                    found += [self._one(*file, f"named by '{text}' in {pattern.definition}") for file in files]
        return _together(found)

    def _files(self, file: str, text: str) -> Iterable[tuple[str, str | UnknownContent]]:
        return self._named.files(file, text).items()

    def _may_mean(self, pattern: _Pattern) -> bool:
        """Whether there were files that a name with holes may mean; kept."""
        if pattern not in self._meant:
            self._meant[pattern] = self._files_of(pattern)
        return bool(self._meant[pattern])

    def _files_of(self, pattern: _Pattern) -> tuple[_Parted, ...] | UnknownContent:
        wanted = pattern.text.replace(HOLE, "*")
        if pattern.text.count(HOLE) == 1 and not pattern.is_plain:
            return ()  # only a value of the config tells where that begins
        if not may_be_file(pattern.text.replace(HOLE, "x")):
            return ()  # `f"epoch_{n}"` is most often a label
        name_of = re.compile(r"(?:^|/)" + "([^/]+)".join(map(re.escape, pattern.text.split(HOLE))) + "$")
        found: dict[str, _Parted] = {}
        for text in (wanted,) if "/" in wanted else (wanted, f"{BESIDE}{wanted}"):
            for name, then in self._files(pattern.file, text):
                parts = name_of.search(name)
                if isinstance(then, UnknownContent) and is_pattern(name):
                    return then  # they are too many
                if parts is not None and name not in self._for_all:
                    found[name] = _Parted(name, then, parts.groups())
        return tuple(found.values())

    def _of_others(self, pattern: _Pattern, known: Mapping[str, _Given]) -> ByValue:
        """Return what is told of the files that no single value gives the name of.

        Args:
            pattern: The name.
            known: What a config holds, by how it is written.
        """
        meant = self._meant[pattern]
        if isinstance(meant, UnknownContent):
            doubt = f"{pattern.text}, named in {pattern.definition}: {meant.reason}"
            return ByValue(doubts=(doubt,)) if pattern.is_below or not pattern.is_plain else NOTHING_BY_VALUE
        plainly = {in_plain(text): given.path for text, given in known.items()}
        ways = {part: way for file in meant for part in file.parts if (way := self._way(part, known, plainly))}
        own = frozenset(part for part in ways if part in known and pattern.is_told_by(known[part]))
        key = pattern, own, tuple(sorted(ways.items()))
        if key not in self._told:
            of_config = [file for file in meant if own.issuperset(file.parts)]
            chosen = [] if pattern.is_of_turn else of_config
            chosen = chosen or [file for file in meant if all(part in ways for part in file.parts)]
            if pattern.parameters:
                texts = own | self._given
                chosen += [f for f in meant if f not in chosen and texts.issuperset(f.parts)]
            if not chosen and pattern.is_below:
                chosen, ways = list(meant), {}
            told = (self._one(f.name, f.then, _named_by(f, ways, pattern.definition)) for f in chosen)
            self._told[key] = _together(told)
        return self._told[key]

    def _way(self, part: str, known: Mapping[str, _Given], plainly: Mapping[str, str]) -> str:
        """Return in words what may give a part of a name; nothing if that cannot be told."""
        if part in known:
            return known[part].path
        if part in self._words:
            return f"'{part}'"
        return plainly.get(in_plain(part)) or ("a number" if part.isdecimal() else "")

    def _one(self, name: str, then: str | UnknownContent, way: str) -> ByValue:
        """Return what is told of one file that was there."""
        now = self._now.content_id(name)
        if now is None and then == self._now.content_id(self._moved(name)):
            return NOTHING_BY_VALUE
        unknown = next((each for each in (then, now) if isinstance(each, UnknownContent)), None)
        if unknown is not None:
            return ByValue(doubts=(f"{name}, {way}: {unknown.reason}",))
        if isinstance(then, str) and then != now:
            return ByValue((self._change(name, then, now if isinstance(now, str) else None, way),))
        return NOTHING_BY_VALUE

    def _moved(self, name: str) -> str:
        """Return where a file lies today if it has moved with the code, as into `src`."""
        then, now = self._move
        return f"{now}{name.removeprefix(then)}" if name.startswith(then) else name

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


def _move(then: str, now: str) -> tuple[str, str]:
    """Return what stands before the part that two names of a file have in common, which is whole directories."""
    while "/" in then and "/" in now and then.rpartition("/")[2] == now.rpartition("/")[2]:
        then, now = then.rpartition("/")[0], now.rpartition("/")[0]
    if then.rpartition("/")[2] == now.rpartition("/")[2]:
        then, now = then.rpartition("/")[0], now.rpartition("/")[0]
    return f"{then}/" if then else "", f"{now}/" if now else ""


def _pattern(definition: Definition, text: str) -> _Pattern:
    # A method is not handed what it works on.
    parameters = definition.parameters if definition.kind == "function" else definition.parameters[1:]
    whole = text.replace(TURN, HOLE)
    return _Pattern(definition.file, whole, definition.name, is_of_turn=TURN in text, parameters=parameters)


def _together(found: Iterable[ByValue]) -> ByValue:
    told = [each for each in found if each is not NOTHING_BY_VALUE]
    changes = tuple(change for each in told for change in each.changes)
    return ByValue(changes, tuple(doubt for each in told for doubt in each.doubts)) if told else NOTHING_BY_VALUE


def _named_by(file: _Parted, ways: Mapping[str, str], definition: str) -> str:
    """Return in words what names a file."""
    by = " and ".join(dict.fromkeys(ways[part] for part in file.parts if part in ways))
    return f"named by {by} in {definition}" if by else f"which {definition} may name"


def in_plain(text: str) -> str:
    """Return what is equal for texts that are the same but for letter case, `-`, `_`, blanks and leading zeros."""
    return _BETWEEN.sub("", text.casefold()).lstrip("0")


def own_texts(document: JsonValue, is_other_run: Callable[[str], bool]) -> frozenset[str]:
    """Return the texts and numbers that a config itself holds, or what it holds that is no other run."""
    return frozenset(str(given.value) for given in _values(document, "", is_other_run) if given.is_own)


def words_of(closure: Closure) -> frozenset[str]:
    """Return the texts in code that may be a part of a name."""
    texts = (text for definition in closure.definitions for text, _ in definition.texts)
    return frozenset(text for text in texts if _WORD.fullmatch(text))


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
