"""Which texts of a definition may name a file that it reads. Whether there is such a file is for others to say.

A text that is written to, or that names something below the directory of a run, is left out.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from msgspec import Struct

from huldra.facts import expressions as e
from huldra.facts import statements as s
from huldra.facts.walk import child_nodes
from huldra.fingerprints.file_finders import LONGEST, found_by
from huldra.fingerprints.name_patterns import (
    END,
    HOLE,
    STEM,
    TURN,
    gives_own_name,
    is_template,
    is_text,
    last_name,
    may_be_file,
    of_turn,
    pattern_of,
    pieces_of,
    text_of,
    turn_names,
    with_holes,
)
from huldra.fingerprints.path_parts import (
    below_constant,
    handed_directory,
    handed_file,
    is_below_handed,
    is_joined,
    is_run_directory,
    may_be_given,
    parts_of,
    receiver_of,
)
from huldra.fingerprints.said_texts import SaidTexts, with_texts

_NAME = re.compile(r"[^\s\0*?<>|\"{}\\:\ud800-\udfff]+")
_CODE = (".pyc", ".pyi")
_WORD = re.compile(
    r"[\w./@+-]+\.py|[\w.@+-]*/[\w./@+-]+\.[A-Za-z]\w*"
    r"|[A-Za-z_]\w*(\.[A-Za-z_]\w*)+(:[A-Za-z_]\w*)?|[A-Za-z_]\w*:[A-Za-z_]\w*"
)
"""What of a command line may name a script, another file, or a module."""
_NOT_READING = re.compile(
    r"write|save|dump|export|touch|mkdir|makedirs|unlink|remove|rmtree|rename|symlink_to|to_(?!dict|list|numpy|tensor)"
    r"|(exists|lexists|is_file|is_dir|isfile|isdir|stat)$"
)
"""How the last names of calls begin that make files, or ask whether there are any, and do not read those they name."""
_OF_PATHS = re.compile(r"write_(text|bytes)|touch|mkdir|unlink|l?exists|is_?(file|dir)|stat|open")
"""The last names of those that are of paths: what they are methods of, or are given, is named and not read."""
_MARKERS = re.compile(
    r"(pyproject\.toml|setup\.cfg|tox\.ini|(uv|poetry|pdm)\.lock|README\b.*|LICENSE\b.*|CHANGELOG\b.*|requirements.*\.txt)$"
)
"""Files by which code knows the top of a project; they change often, and results do not follow from them."""
_WRITING_MODES = re.compile(r"[rbt]*[wax]|.*\+")
_MOST_HOLES = 3
_PUT_TOGETHER = e.Binary | e.Call | e.FormattedString
_KNOWN = re.compile(r"\w")


class FileMention(Struct, frozen=True):
    """A text that may name a file, or a directory that others are looked for in. `at` is relative to the piece.

    `is_run`: it is a word of a longer text, or the name of a Python file, and counts where something runs programs.
    """

    text: str
    at: e.Span
    is_run: bool = False


def directories_above(directory: str) -> Iterator[str]:
    """Yield where a file is looked for that code in a directory names: the root, the directory, and those above it."""
    yield ""
    while directory:
        yield directory
        directory = directory.rpartition("/")[0]


def is_file_name(text: str) -> bool:
    """Return whether a text may name a file that is read below a directory that code looks in, and is no code."""
    return _is_name(text) and may_be_file(text) and not is_code(text) and not _is_marker(text)


def is_directory_name(text: str) -> bool:
    """Return whether a text may name a directory."""
    return _is_name(text)


def _is_name(text: str) -> bool:
    is_relative = not text.startswith(("/", "~", "-")) and "//" not in text
    return is_relative and len(text) <= LONGEST and _NAME.fullmatch(text) is not None


def is_code(name: str) -> bool:
    """Return whether a file is code, by its name."""
    return name.endswith((".py", *_CODE))


def _is_marker(text: str) -> bool:
    return _MARKERS.match(text.rpartition("/")[2]) is not None


IsQuiet = Callable[[e.Call], bool]
"""Whether a call says something to a person and nothing to the result."""


def file_mentions(
    nodes: Iterable[e.Node | None], is_quiet: IsQuiet = lambda _: False, said: SaidTexts | None = None
) -> tuple[FileMention, ...]:
    """Return the texts of some parts of a definition that may name what it reads, in order, each once."""
    parts = [node for node in nodes if node is not None]
    reader, found = _Reader(parts, is_quiet, said or SaidTexts(())), dict[str, FileMention]()
    for node in parts:
        for mention in reader.mentions(node):
            found.setdefault(mention.text, mention)
    return tuple(found.values())


class _Reader:
    """Reads the parts of one definition."""

    def __init__(self, parts: Iterable[e.Node], is_quiet: IsQuiet, said: SaidTexts) -> None:
        self._parts = parts
        self._is_quiet = is_quiet
        self._said = said

    @cached_property
    def _turns(self) -> frozenset[str]:
        """The names that loops give values to; few definitions put the name of a file together."""
        return turn_names(self._parts)

    def mentions(self, node: e.Node) -> Iterator[FileMention]:
        match node:
            case s.ExpressionStatement(value=e.Literal() | e.Concatenation()):
                return
            case e.Literal() | e.Concatenation() | e.Binary(operator="/" | "+") | e.FormattedString():
                yield from self._path(node, node.at)
            case e.Call() if is_joined(node):
                yield from self._path(node, node.at)
            case s.AugmentedAssign(target=target, operator="+" | "/" as operator, value=value):
                yield from self.mentions(e.Binary(operator, target, value, node.at))
            case s.Assign(value=e.Node() as value) | s.AnnotatedAssign(value=e.Node() as value) if gives_own_name(
                value
            ):
                yield FileMention(STEM, value.at)  # `HERE.with_suffix(".yaml")` may follow
                for inner in child_nodes(node):
                    yield from self.mentions(inner)
            case e.Call(function=e.Attribute(name="with_suffix")) if is_joined(
                known := with_texts(node, self._said.text)
            ):
                yield from self._path(known, node.at)  # by a constant: `(DIR / name).with_suffix(EXT)`
            case e.Binary() | e.Call() if is_template(node):
                yield from self._path(node, node.at)
            case e.Call() if self._is_quiet(node):
                return
            case e.Call():
                yield from (FileMention(text, node.at) for text in found_by(node))
                is_written = _only_writes(node)
                yield from () if is_written else self._handed(node)
                is_of_path = is_written and _OF_PATHS.fullmatch(last_name(node.function)) is not None
                for part in _operands(node):
                    # What is written to is no file that is read, but what is read to find that out may be.
                    if not (is_written and (_is_path(part) or (is_of_path and handed_file(part)))):
                        yield from self.mentions(part)
            case _:
                for inner in child_nodes(node):
                    yield from self.mentions(inner)

    def _path(self, node: e.Node, at: e.Span) -> Iterator[FileMention]:
        """Yield what the parts of a path name together, and what stands in its other parts."""
        if isinstance(node, _PUT_TOGETHER):
            node = with_texts(node, self._said.settled)
            # A caller may give another text than the default, a subclass have another attribute.
            known = with_texts(node, self._said.text)
            yield from () if known is node else self._path(known, at)
            below = below_constant(node)
            yield from () if below is None else self._whole([below], at)
        parts = parts_of(node)
        texts: list[str] = []
        patterns: list[str] = []
        is_in_run = is_given = False
        for index, part in enumerate(parts):
            text = text_of(part)
            if text is not None:
                texts.append(text.rstrip("/"))
                patterns.append(with_holes(texts[-1]))
                continue
            # A part that is not known separates what is known.
            yield from _joined(texts, at, is_in_run=is_in_run)
            texts = []
            is_in_run = is_in_run or (index == 0 and is_run_directory(part))
            pattern = pattern_of(part)
            if index or pattern not in (None, HOLE):  # what all lies below may be anything
                patterns.append(of_turn(pattern, part, self._turns) if pattern and HOLE in pattern else pattern or "")
            else:
                is_given = may_be_given(part)
            for inner in pieces_of(part) if part is node or is_text(part) else (part,):
                yield from self.mentions(inner)
        yield from _joined(texts, at, is_in_run=is_in_run)
        if (len(parts) > 1 or isinstance(node, e.Call)) and not is_in_run:
            yield from _without_suffix("/".join(texts), at)
        if parts and is_below_handed(parts) and not is_in_run:
            yield from self._whole([*handed_directory(parts[0]), *parts[1:]], at)
        if any(STEM in pattern for pattern in patterns):
            yield from () if is_in_run else _after_own_file(patterns, at)
            return
        yield from _with_hole(patterns, at, is_in_run=is_in_run)
        if is_given and patterns and not any(HOLE in pattern or TURN in pattern for pattern in patterns):
            yield from _with_hole([HOLE, *patterns], at, is_in_run=is_in_run)

    def _handed(self, call: e.Call) -> Iterator[FileMention]:
        """Yield the name of a file whose parts a call is given, and the one that `open` reads, though it is a word."""
        if handed := handed_file(call):
            yield from self._whole(handed, call.at)
        if last_name(call.function) == "open" and call.arguments and not isinstance(call.function, e.Attribute):
            yield from _without_suffix(text_of(call.arguments[0].value) or "", call.at)

    def _whole(self, parts: list[e.Node], at: e.Span) -> Iterator[FileMention]:
        """Yield the name that parts have together which some function joins."""
        texts = [text for part in parts if (text := text_of(part)) is not None]
        if len(texts) < len(parts):
            patterns = ((pattern_of(part) or "", part) for part in parts)
            said = [of_turn(text, part, self._turns) for text, part in patterns]
            is_after_file = any(STEM in text for text in said)
            yield from _after_own_file(said, at) if is_after_file else _with_hole(said, at, is_in_run=False)
        elif _is_name("/".join(texts)):
            yield from _joined(texts, at, is_in_run=False)


def _without_suffix(text: str, at: e.Span) -> Iterator[FileMention]:
    """Yield what looks like the name of a directory, and at the end of a path may be a file's: `HERE / "VERSION"`."""
    if text not in {"", ".", ".."} and not may_be_file(text) and _is_name(text) and not _is_marker(text):
        yield FileMention(f"{END}{text}", at)


def _after_own_file(parts: list[str], at: e.Span) -> Iterator[FileMention]:
    """Yield a name of which that of the file of code is a part: `Path(__file__).with_suffix(".yaml")`."""
    text = "/".join(parts)
    holes = text.count(HOLE) + text.count(TURN)
    known = text.replace(STEM, "x").replace(TURN, "x").replace(HOLE, "x")
    if all(parts) and holes <= _MOST_HOLES and _is_name(known) and not known.endswith(_CODE):
        yield FileMention(text, at, is_run=known.endswith(".py"))


def _with_hole(parts: list[str], at: e.Span, *, is_in_run: bool) -> Iterator[FileMention]:
    """Yield a name of which a part, or a few, are values that only a run has."""
    said = "/".join(parts)
    text = said.replace(TURN, HOLE)
    if not all(parts) or is_in_run or _is_marker(text) or not _is_name(text.replace(HOLE, "x")):
        return
    hole = HOLE if said == text else TURN
    holes, below = text.count(HOLE), text.removeprefix(f"{HOLE}/")
    if holes == 1 and text != HOLE:
        yield FileMention(text.replace(HOLE, hole), at)
        if below != text and may_be_file(below):
            yield FileMention(below, at)  # that directory may be one that code says elsewhere, or the root
        return
    if holes == 2 and below != text and HOLE not in below.partition("/")[0]:
        yield FileMention(below.replace(HOLE, hole), at)  # the first may be a directory that all this lies below
    if 1 < holes <= _MOST_HOLES and _KNOWN.search(text.replace(HOLE, "")):
        yield FileMention(text.replace(HOLE, hole), at)


def _joined(texts: list[str], at: e.Span, *, is_in_run: bool) -> Iterator[FileMention]:
    text = "/".join(text for text in texts if text and text != ".")
    if is_in_run:
        return
    if _is_name(text) and not _is_marker(text) and not text.endswith(_CODE):
        yield FileMention(text, at, is_run=text.endswith(".py"))
    elif _NAME.fullmatch(text) is None:
        # A command line, or `package.module:name`.
        words = (word for word in text.split() if len(word) <= LONGEST and _WORD.fullmatch(word))
        yield from (FileMention(word, at, is_run=True) for word in words)


def _operands(call: e.Call) -> list[e.Node]:
    """Return what a call works on: what its method is of, and its arguments; of `open` the file alone."""
    receiver = receiver_of(call.function)
    values: list[e.Node] = [argument.value for argument in call.arguments]
    if last_name(call.function) == "open":
        values = [] if isinstance(call.function, e.Attribute) else values[:1]
    return [receiver, *values]


def _is_path(node: e.Node) -> bool:
    is_renamed = isinstance(node, e.Call) and last_name(node.function) == "with_suffix"
    return is_renamed or is_joined(node) or isinstance(node, e.Literal | e.Concatenation | e.Binary | e.FormattedString)


def _only_writes(call: e.Call) -> bool:
    name = last_name(call.function)
    if _NOT_READING.match(name):
        return True
    if name != "open":
        return False
    place = 0 if isinstance(call.function, e.Attribute) else 1
    mode = next((a.value for a in call.arguments if a.name == "mode"), None)
    if mode is None and len(call.arguments) > place and call.arguments[place].name is None:
        mode = call.arguments[place].value
    text = None if mode is None else text_of(mode)
    return text is not None and _WRITING_MODES.match(text) is not None
