"""The values of a run's config, and the names in code that such values are a part of. Plain data; looks for no file."""

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from huldra.fingerprints.model import Closure, Definition
from huldra.fingerprints.name_patterns import HOLE, TURN, in_file
from huldra.formats.globbing import is_pattern
from huldra.formats.json_values import JsonValue

_CLASS = "__class__"
_WORD = re.compile(r"[^/{}]+")
_HOLES = re.compile(r"(?:\{\})+")
_BETWEEN = re.compile(r"[-_\s]+")


class Given(Struct, frozen=True):
    """A text or a whole number of a config, the field that it stands in, and whether that is one of this run alone."""

    path: str
    value: str | int
    is_own: bool


class Pattern(Struct, frozen=True):
    """A name with holes, the file of code that it stands in, and the definition that says it.

    `is_of_turn`: a loop gives a part of it, which a value of the config may be equal to by chance. What a caller hands
    over in `parameters` may be one, too. `joined` are the numbers of the parts that are more than one value.
    """

    file: str
    text: str
    definition: str
    is_of_turn: bool
    joined: frozenset[int]
    parameters: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        """Whether it has one hole and no wildcards, so that a value gives the name of one file."""
        return self.text.count(HOLE) == 1 and not is_pattern(self.text)

    @property
    def is_in_given(self) -> bool:
        """Whether a value gives the directory that its files lie in."""
        return self.text.startswith(f"{HOLE}/")

    @property
    def is_found_in_given(self) -> bool:
        """Whether its files are looked for with wildcards in such a directory."""
        return self.is_in_given and self.text.count(HOLE) == 1 and is_pattern(self.text)

    @property
    def is_below(self) -> bool:
        """Whether it names the directory that its files lie in."""
        return "/" in self.text.partition(HOLE)[0]

    def is_told_by(self, given: Given) -> bool:
        """Whether a value that gives the name of a file is no chance: small numbers are in nearly all configs."""
        is_number = isinstance(given.value, int) and bool(self.parameters)
        return not is_number or given.path.rpartition(".")[2] in self.parameters


def pattern_of_text(definition: Definition, text: str) -> Pattern:
    """Return what a text with holes in a definition says."""
    # A method is not handed what it works on.
    parameters = definition.parameters if definition.kind == "function" else definition.parameters[1:]
    whole = text.replace(TURN, HOLE)
    holes = _HOLES.findall(whole)
    return Pattern(
        definition.file,
        _HOLES.sub(HOLE, whole),
        definition.name,
        is_of_turn=TURN in text,
        joined=frozenset(number for number, found in enumerate(holes) if found != HOLE),
        parameters=parameters,
    )


def in_plain(text: str) -> str:
    """Return what is equal for texts that are the same but for letter case, `-`, `_`, blanks and leading zeros."""
    return _BETWEEN.sub("", text.casefold()).lstrip("0")


def own_texts(document: JsonValue, is_other_run: Callable[[str], bool]) -> frozenset[str]:
    """Return the texts and numbers that a config itself holds, or what it holds that is no other run."""
    return frozenset(str(given.value) for given in values_of(document, "", is_other_run) if given.is_own)


def words_of(closure: Closure) -> frozenset[str]:
    """Return the texts in code that may be a part of a name."""
    texts = (in_file(text, definition.file) for definition in closure.definitions for text, _ in definition.texts)
    return frozenset(text for text in texts if _WORD.fullmatch(text))


def values_of(
    value: JsonValue, path: str, is_other_run: Callable[[str], bool], *, is_own: bool = True
) -> Iterator[Given]:
    """Yield the texts and whole numbers of a config.

    Args:
        value: The config, or a part of it, as it was recorded.
        path: Where that part stands; "" for the whole.
        is_other_run: Whether a class that it holds is an experiment: what its fields name is its own run's.
        is_own: Whether the part is of this run.
    """
    if isinstance(value, dict):
        name = value.get(_CLASS)
        is_own = is_own and not (path and isinstance(name, str) and is_other_run(name))
        for key, inner in value.items():
            if key != _CLASS:
                yield from values_of(inner, f"{path}.{key}" if path else key, is_other_run, is_own=is_own)
    elif isinstance(value, list):
        for inner in value:
            yield from values_of(inner, path, is_other_run, is_own=is_own)
    elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        yield Given(path, value, is_own)
