"""Files that a run's code names by values of its config: `f"prompts/{self.prompt}.txt"`, or a field that holds a name.

Each run has its own values, so that these files belong to runs, and not to the code that all runs of a class share.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from huldra.comparison.code_changes import CodeChange
from huldra.comparison.value_patterns import Given, Pattern, in_plain, pattern_of_text, values_of, words_of
from huldra.fingerprints.data_files import DataFiles, NamedFiles, UnknownContent, inner_files, name_below, not_followed
from huldra.fingerprints.file_finders import BESIDE
from huldra.fingerprints.file_names import directories_above, is_directory_name, is_file_name
from huldra.fingerprints.model import Closure, Definition
from huldra.fingerprints.name_patterns import HOLE, TURN, in_file, may_be_file
from huldra.formats.globbing import is_pattern
from huldra.formats.json_values import JsonValue


class ByValue(Struct, frozen=True):
    """What is told of files that are named by values.

    `changes` are those that no longer hold what they held, `doubts` say of which that cannot be told.
    """

    changes: tuple[CodeChange, ...] = ()
    doubts: tuple[str, ...] = ()


NOTHING_BY_VALUE = ByValue()


class _Parted(Struct, frozen=True):
    """A file of a state that a name with holes may mean, and what its name has in their places."""

    name: str
    then: str | UnknownContent
    parts: tuple[str, ...]


class _Own(Struct, frozen=True):
    """What is told of the files that one value names, and the names with holes that it gives one by."""

    told: ByValue = NOTHING_BY_VALUE
    named: frozenset[Pattern] = frozenset()


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
        self._named, self._named_now = NamedFiles(closure, then), NamedFiles(closure, now)
        self._lists = then.lists and now.lists
        self._then, self._now = then, now
        self._inner: dict[str, tuple[tuple[str, str | UnknownContent], ...]] = {}
        self._class_now = class_now
        self._file = closure.root.file
        self._move = _move(self._file, file_now or self._file)
        texts = [(each, in_file(text, each.file)) for each in closure.definitions for text, _ in each.texts]
        self._patterns = tuple(
            dict.fromkeys(pattern_of_text(*each) for each in texts if HOLE in each[1] or TURN in each[1])
        )
        plain = (pattern for pattern in self._patterns if not pattern.is_of_turn)
        self._of_one = tuple(pattern for pattern in plain if pattern.text.count(HOLE) == 1 and not pattern.joined)
        self._for_all = frozenset(each.name for each in closure.definitions if each.kind == "file")
        self._told_for_all: set[Pattern] = set()
        """Names with holes by which a file is meant that the code names whole: one of them is known."""
        self._words = words_of(closure)
        self._found: dict[Given, _Own] = {}
        self._meant: dict[Pattern, tuple[_Parted, ...] | UnknownContent] = {}
        self._said: dict[Pattern, ByValue] = {}
        self._plain = tuple(dict.fromkeys(text for _, text in texts if HOLE not in text and is_file_name(text)))
        self._below: dict[tuple[str, str], ByValue] = {}
        self._named_by: dict[str, tuple[str, ...]] = {}
        self._told: dict[tuple[Pattern, frozenset[str], tuple[tuple[str, str], ...]], ByValue] = {}
        self._given = frozenset(text for definition in closure.definitions for text in definition.given)

    def told(self, document: JsonValue, is_other_run: Callable[[str], bool]) -> ByValue:
        """Return what is told of the files that a config names.

        Args:
            document: The config, as it was recorded.
            is_other_run: Whether a class that it holds is an experiment: what its fields name is its own run's.
        """
        values = tuple(values_of(document, "", is_other_run))
        # Nearly all values are numbers and words that no pattern asks for: none of these is kept.
        own = [
            each
            for given in values
            if self._of_one or (given.is_own and isinstance(given.value, str) and is_file_name(given.value))
            if (each := self._of(given)) is not _NOTHING_NAMED
        ]
        named = frozenset[Pattern]().union(*(each.named for each in own))
        unnamed = [pattern for pattern in self._patterns if pattern not in named]
        others = [pattern for pattern in unnamed if self._may_mean(pattern)]
        found = [each.told for each in own]
        found += (self._in_directories(each) for each in unnamed if each.is_found_in_given)
        found += [self._by_callers] if self._of_one else []
        if others:
            known = {str(given.value): given for given in values}
            found += (self._of_others(pattern, known) for pattern in others)
        texts = [(each.path, each.value) for each in values if isinstance(each.value, str)]
        directories = [(path, at) for path, value in texts for at in self._directories_of(value)]
        found += self._below_given(directories, values) if directories else ()
        if not any(each.changes or each.doubts for each in found):
            return NOTHING_BY_VALUE
        changes = {change.definition: change for each in found for change in each.changes}
        return ByValue(tuple(changes.values()), tuple(dict.fromkeys(doubt for each in found for doubt in each.doubts)))

    def _below_given(self, directories: list[tuple[str, str]], values: tuple[Given, ...]) -> Iterator[ByValue]:
        """Yield what is told of the files that code or config names, in the directories that fields name."""
        for path, directory in directories:
            if (path, directory) not in self._below:
                self._below[path, directory] = _together(self._in_directory(directory, self._plain, path))
            yield self._below[path, directory]
            names = (str(each.value) for each in values if each.path != path and is_file_name(str(each.value)))
            yield from self._in_directory(directory, names, path)
            known = {str(each.value): each for each in values if each.path != path}
            for pattern in self._patterns:
                below = replace(pattern, file="", text=f"{directory}/{pattern.text}")
                if not (pattern.is_in_given or is_pattern(pattern.text)) and self._may_mean(below):
                    yield self._of_others(below, known)

    def _in_directory(self, directory: str, names: Iterable[str], path: str) -> Iterator[ByValue]:
        for place in (name_below(directory, name) for name in names):
            then = None if place is None or place in self._for_all else self._then.content_id(place)
            if place is not None and then is not None:
                yield self._one(place, then, f"in the directory that the field {path} names")

    @cached_property
    def _places(self) -> tuple[str, ...]:
        """From where values name directories: the root, what lies above the code that names files, what that says."""
        files = (self._file, *(pattern.file for pattern in self._patterns))
        above = (at for file in files for at in directories_above(file.rpartition("/")[0]))
        return tuple(dict.fromkeys((*above, *self._named.directories)))

    def _directories_of(self, value: str) -> tuple[str, ...]:
        """Return the directories that a value names; most name none."""
        if value not in self._named_by:
            places = (name_below(at, value) for at in self._places) if is_directory_name(value) else ()
            self._named_by[value] = tuple(each for each in places if each is not None and self._then.is_directory(each))
        return self._named_by[value]

    def _of(self, given: Given) -> _Own:
        if given not in self._found:
            self._found[given] = self._compared(given)
        return self._found[given]

    def _compared(self, given: Given) -> _Own:
        """Return what is told of the files that a value gives the names of."""
        found: list[ByValue] = []
        named: set[Pattern] = set()
        value, way = given.value, f"named by the field {given.path}"
        if given.is_own and isinstance(value, str) and is_file_name(value) and self._may_be_here(value):
            found += (self._one(*file, way) for file in self._files(self._file, value))
        for pattern in self._of_one:
            text = pattern.text.replace(HOLE, str(value))
            is_there = not pattern.is_in_given or bool(self._directories_of(str(value)))
            if is_there and (is_file_name(text) or is_pattern(text)):
                told = list(self._all(pattern.file, text, f"{way} in {pattern.definition}"))
                named.update((pattern,) if told and pattern.is_told_by(given) else ())
                found += told
        return _Own(_together(found), frozenset(named)) if found else _NOTHING_NAMED

    def _all(self, file: str, text: str, way: str) -> Iterator[ByValue]:
        """Yield what is told of the files that a name leads to, of new ones too where wildcards find them."""
        found = self._named.files(file, text)
        yield from (self._one(name, then, way) for name, then in found.items())
        if not is_pattern(text) or not self._lists:
            return
        for name, now in self._named_now.files(file, text).items():
            if isinstance(now, UnknownContent) and text not in found:
                yield ByValue(doubts=(f"{name}, {way}: {now.reason}",))
            elif isinstance(now, str) and name not in found and text not in found:
                yield ByValue((self._change(name, None, now, way),))

    @cached_property
    def _by_callers(self) -> ByValue:
        """What is told of files that texts in code give the names of: `load("judge")` beside `load(self.prompt)`."""
        found: list[ByValue] = []
        # What lies in a directory that the code says is found by its own name.
        for pattern in (each for each in self._of_one if each.parameters and not each.is_in_given):
            for text in sorted(self._given):
                name = pattern.text.replace(HOLE, text)
                if is_file_name(name):
                    files = (file for file in self._files(pattern.file, name) if file[0] not in self._for_all)
                    found += [self._one(*file, f"named by '{text}' in {pattern.definition}") for file in files]
        return _together(found)

    def _files(self, file: str, text: str) -> Iterable[tuple[str, str | UnknownContent]]:
        return self._named.files(file, text).items()

    def _may_mean(self, pattern: Pattern) -> bool:
        """Whether there were files that a name with holes may mean; kept."""
        if pattern not in self._meant:
            self._meant[pattern] = self._files_of(pattern)
        return bool(self._meant[pattern])

    def _files_of(self, pattern: Pattern) -> tuple[_Parted, ...] | UnknownContent:
        wanted = pattern.text.replace(HOLE, "*")
        if pattern.text.count(HOLE) == 1 and (pattern.is_in_given or not pattern.is_plain):
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
                if parts is not None and name in self._for_all:
                    self._told_for_all.add(pattern)
                elif parts is not None:
                    found[name] = _Parted(name, then, parts.groups())
        return tuple(found.values())

    def _in_directories(self, pattern: Pattern) -> ByValue:
        """Return what is told of the files of all directories that code says: a caller may have handed over any."""
        if pattern not in self._said:
            found = (
                each
                for directory in self._named.directories
                for each in self._all("", pattern.text.replace(HOLE, directory), f"which {pattern.definition} may find")
            )
            told = _together(found)
            changes = tuple(change for change in told.changes if change.definition not in self._for_all)
            self._said[pattern] = ByValue(changes, told.doubts)
        return self._said[pattern]

    def _of_others(self, pattern: Pattern, known: Mapping[str, Given]) -> ByValue:
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
        ways: dict[str, str] = {}
        for number, part in ((number, part) for file in meant for number, part in enumerate(file.parts)):
            way_of = self._way_of_joined if number in pattern.joined else self._way
            ways.update((part, way) for way in (way_of(part, known, plainly),) if way)
        told_by = (part for part in ways if part in known and not pattern.joined)
        own = frozenset(part for part in told_by if pattern.is_told_by(known[part]))
        key = pattern, own, tuple(sorted(ways.items()))
        if key not in self._told:
            of_config = [file for file in meant if own.issuperset(file.parts)]
            chosen = [] if pattern.is_of_turn else of_config
            chosen = chosen or [file for file in meant if all(part in ways for part in file.parts)]
            if pattern.parameters:
                texts = own | self._given
                chosen += [f for f in meant if f not in chosen and texts.issuperset(f.parts)]
            if not chosen and pattern.is_below and pattern not in self._told_for_all:
                chosen, ways = list(meant), {}
            told = (self._one(f.name, f.then, _named_by(f, ways, pattern.definition)) for f in chosen)
            self._told[key] = _together(told)
        return self._told[key]

    def _way(self, part: str, known: Mapping[str, Given], plainly: Mapping[str, str]) -> str:
        """Return in words what may give a part of a name; nothing if that cannot be told."""
        if part in known:
            return known[part].path
        if part in self._words:
            return f"'{part}'"
        return plainly.get(in_plain(part)) or ("a number" if part.isdecimal() else "")

    def _way_of_joined(self, part: str, known: Mapping[str, Given], plainly: Mapping[str, str]) -> str:
        """Return the same of a part that is put together of two values: `f"{self.name}{self.seed}"`."""
        cuts = ((part[:at], part[at:]) for at in range(1, len(part)))
        ways = ([self._way(each, known, plainly) for each in cut] for cut in cuts if any(each in known for each in cut))
        return next((" and ".join(found) for found in ways if all(found)), "")

    def _one(self, name: str, then: str | UnknownContent, way: str) -> ByValue:
        """Return what is told of one file that was there, and of those that it names."""
        if name not in self._inner:
            self._inner[name] = tuple(self._files_in(name))
        said = (self._alone(inner, held, f"named by {name}, {way}") for inner, held in self._inner[name])
        message = not_followed(self._then, name)
        many = () if message is None else (ByValue(doubts=(f"{name}, {way}: {message}",)),)
        return _together([self._alone(name, then, way), *said, *many])

    def _files_in(self, name: str) -> Iterator[tuple[str, str | UnknownContent]]:
        """Yield the files that a file names, those that these name, and so on."""
        seen = {name}
        waiting = [name]
        while waiting:
            for _, inner in inner_files(self._then, waiting.pop()):
                held = None if inner in seen else self._then.content_id(inner)
                seen.add(inner)
                if held is not None:
                    waiting.append(inner)
                    if inner not in self._for_all:
                        yield inner, held

    def _alone(self, name: str, then: str | UnknownContent, way: str) -> ByValue:
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

    def _change(self, name: str, then: str | None, now: str | None, way: str) -> CodeChange:
        what = "is gone" if now is None else "is new" if then is None else "changed"
        return CodeChange(
            then=None if then is None else _definition(name, then),
            now=None if now is None else _definition(name, now),
            chain=(name,),
            message=f"{name} {what}, {way}",
            is_certain=False,
            class_name=self._class_now,
            then_fingerprint=then or "",
            now_fingerprint=now or "",
        )


def _move(then: str, now: str) -> tuple[str, str]:
    """Return what stands before the part that two names of a file have in common, which is whole directories."""
    while "/" in then and "/" in now and then.rpartition("/")[2] == now.rpartition("/")[2]:
        then, now = then.rpartition("/")[0], now.rpartition("/")[0]
    if then.rpartition("/")[2] == now.rpartition("/")[2]:
        then, now = then.rpartition("/")[0], now.rpartition("/")[0]
    return f"{then}/" if then else "", f"{now}/" if now else ""


def _together(found: Iterable[ByValue]) -> ByValue:
    told = [each for each in found if each is not NOTHING_BY_VALUE]
    changes = tuple(change for each in told for change in each.changes)
    return ByValue(changes, tuple(doubt for each in told for doubt in each.doubts)) if told else NOTHING_BY_VALUE


def _named_by(file: _Parted, ways: Mapping[str, str], definition: str) -> str:
    """Return in words what names a file."""
    by = " and ".join(dict.fromkeys(ways[part] for part in file.parts if part in ways))
    return f"named by {by} in {definition}" if by else f"which {definition} may name"


def _definition(name: str, content: str) -> Definition:
    return Definition(name, "file", name, 1, 1, content, (), (), ())
