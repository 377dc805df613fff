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
from huldra.fingerprints.name_patterns import (
    HOLE,
    TURN,
    is_template,
    is_text,
    last_name,
    may_be_file,
    of_turn,
    pattern_of,
    pieces_of,
    renamed,
    text_of,
    turn_names,
    with_holes,
)
from huldra.formats.dialect import DIALECTS
from huldra.formats.globbing import is_pattern

_LONGEST = 200
_NAME = re.compile(r"[^\s\0*?<>|\"{}\\:\ud800-\udfff]+")
_CODE = (".pyc", ".pyi")
_WORD = re.compile(
    r"[\w./@+-]+\.py|[\w.@+-]*/[\w./@+-]+\.[A-Za-z]\w*"
    r"|[A-Za-z_]\w*(\.[A-Za-z_]\w*)+(:[A-Za-z_]\w*)?|[A-Za-z_]\w*:[A-Za-z_]\w*"
)
"""What of a command line may name a script, another file, or a module."""
_JOINS = frozenset({"joinpath", "join", "Path", "PurePath", "PosixPath"})
"""The last names of calls whose arguments are the parts of one path."""
_NOT_READING = re.compile(
    r"write|save|dump|export|touch|mkdir|makedirs|unlink|remove|rmtree|rename|symlink_to|to_(?!dict|list|numpy|tensor)"
    r"|(exists|lexists|is_file|is_dir|isfile|isdir|stat)$"
)
"""How the last names of calls begin that make files, or ask whether there are any, and do not read those they name."""
_MARKERS = re.compile(
    r"(pyproject\.toml|setup\.cfg|tox\.ini|(uv|poetry|pdm)\.lock|README\b.*|LICENSE\b.*|CHANGELOG\b.*|requirements.*\.txt)$"
)
"""Files by which code knows the top of a project; they change often, and results do not follow from them."""
_WRITING_MODES = re.compile(r"[rbt]*[wax]|.*\+")
_FINDERS = {"glob": "", "iglob": "", "rglob": "**/", "iterdir": "*", "listdir": "*", "scandir": "*", "walk": "**/*"}
"""Calls that find the files of a directory: what stands before their pattern, or in its place."""
_ABOVE = frozenset({"parent", "parents", "__file__"})
_READERS_OF_ALL = frozenset(
    {
        *("ImageFolder", "DatasetFolder", "image_dataset_from_directory", "text_dataset_from_directory"),
        *("audio_dataset_from_directory", "flow_from_directory", "load_from_disk", "from_pretrained", "load_dataset"),
        *("SimpleDirectoryReader", "DirectoryLoader", "PyPDFDirectoryLoader", "open_dir"),
    }
)
"""What libraries call a class or a function that reads all that lies in a directory."""
_DIRECTORIES = frozenset({"root", "directory", "path", "data_dir", "input_dir", "dataset_path"})
"""What these call the directory; without a name it is the first that they are given."""
_OF_MODULES = frozenset({"glob", "os"})
_PATTERN = re.compile(r"(\.\.?/|[^\s\0<>|\"{}\\:/\ud800-\udfff]+/)*[^\s\0<>|\"{}\\:/\ud800-\udfff]+")
BESIDE = "./"
"""How names with wildcards begin that are looked up beside the file that names them."""
_MOST_HOLES = 3
_KNOWN = re.compile(r"\w")
_RUN_DIRECTORIES = frozenset({"raw_dir", *(f"{dialect.name}_dir" for dialect in DIALECTS)})


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
    return is_relative and len(text) <= _LONGEST and _NAME.fullmatch(text) is not None


def is_code(name: str) -> bool:
    """Return whether a file is code, by its name."""
    return name.endswith((".py", *_CODE))


def _is_marker(text: str) -> bool:
    return _MARKERS.match(text.rpartition("/")[2]) is not None


IsQuiet = Callable[[e.Call], bool]
"""Whether a call says something to a person and nothing to the result."""


def file_mentions(nodes: Iterable[e.Node | None], is_quiet: IsQuiet = lambda _: False) -> tuple[FileMention, ...]:
    """Return the texts of some parts of a definition that may name what it reads, in order, each once."""
    parts = [node for node in nodes if node is not None]
    reader, found = _Reader(parts, is_quiet), dict[str, FileMention]()
    for node in parts:
        for mention in reader.mentions(node):
            found.setdefault(mention.text, mention)
    return tuple(found.values())


class _Reader:
    """Reads the parts of one definition."""

    def __init__(self, parts: Iterable[e.Node], is_quiet: IsQuiet) -> None:
        self._parts = parts
        self._is_quiet = is_quiet

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
            case e.Call(function=function) if last_name(function) in _JOINS or renamed(node) is not None:
                yield from self._path(node, node.at)
            case e.Binary() | e.Call() if is_template(node):
                yield from self._path(node, node.at)
            case e.Call() if self._is_quiet(node):
                return
            case e.Call():
                yield from _found_by(node)
                is_written = _only_writes(node)
                for part in _operands(node):
                    # What is written to is no file that is read, but what is read to find that out may be.
                    if not (is_written and _is_path(part)):
                        yield from self.mentions(part)
            case _:
                for inner in child_nodes(node):
                    yield from self.mentions(inner)

    def _path(self, node: e.Node, at: e.Span) -> Iterator[FileMention]:
        """Yield what the parts of a path name together, and what stands in its other parts."""
        parts = _parts(node)
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
            is_in_run = is_in_run or (index == 0 and _is_run_directory(part))
            pattern = pattern_of(part)
            if index or pattern not in (None, HOLE):  # what all lies below may be anything
                patterns.append(of_turn(pattern, part, self._turns) if pattern and HOLE in pattern else pattern or "")
            else:
                is_given = _may_be_given(part)
            for inner in pieces_of(part) if part is node or is_text(part) else (part,):
                yield from self.mentions(inner)
        yield from _joined(texts, at, is_in_run=is_in_run)
        yield from _with_hole(patterns, at, is_in_run=is_in_run)
        if is_given and patterns and not any(HOLE in pattern or TURN in pattern for pattern in patterns):
            yield from _with_hole([HOLE, *patterns], at, is_in_run=is_in_run)


def _found_by(call: e.Call) -> Iterator[FileMention]:
    """Yield the pattern of a call that finds files: `PROMPTS.glob("*.txt")`, `os.listdir("conf")`."""
    name = last_name(call.function)
    before = _FINDERS.get(name)
    if name in _READERS_OF_ALL:
        named = (argument.value for argument in call.arguments if argument.name in {None, *_DIRECTORIES})
        for parts in (_parts(_plain_path(value)) for value in named):
            yield from _patterns([_directory_and_pattern(parts, "**/*"), _below_given(parts, "**/*")], call.at)
    if before is None:
        return
    given = [argument.value for argument in call.arguments if argument.name in {None, "pathname", "pattern"}]
    owner = call.function.value if isinstance(call.function, e.Attribute) else None
    is_method = owner is not None and not (isinstance(owner, e.Name) and owner.id in _OF_MODULES)
    last = "" if before.endswith("*") else None  # the pattern is given
    if is_method and owner is not None:
        parts = [*_parts(owner), *(given[:1] if last is None else ())]
    else:
        parts = [part for value in given[:1] for part in _parts(value)]
    # `ast.walk(tree)` finds no files: of a directory these methods are given nothing.
    if not parts or (is_method and (last is None) != bool(given)):
        return
    # Much else is walked through, by functions of that name.
    below = None if name == "walk" and owner is None else _below_given(parts, before)
    yield from _patterns([_directory_and_pattern(parts, before), below], call.at)


def _patterns(texts: Iterable[str | None], at: e.Span) -> Iterator[FileMention]:
    for text in texts:
        if text is not None and len(text) <= _LONGEST and _PATTERN.fullmatch(text.replace(HOLE, "x")):
            yield FileMention(text, at)


def _plain_path(node: e.Node) -> e.Node:
    """Return the path of which a text is made: `DATA` of `str(DATA)` and of `os.fspath(DATA)`."""
    match node:
        case e.Call(function=function, arguments=(argument,)) if last_name(function) in {"str", "fspath"}:
            return argument.value
        case _:
            return node


def _below_given(parts: list[e.Node], before: str) -> str | None:
    """Return a name with wildcards in a directory that a field or a caller gives: `Path(self.folder).glob("*.txt")`."""
    first, head = _leftmost(parts[0]), pattern_of(parts[0]) or ""
    # `glob(f"{self.folder}/*.csv")`
    begun = [head.removeprefix(f"{HOLE}/")] if head.startswith(f"{HOLE}/") else []
    texts = [*begun, *(pattern_of(part) for part in parts[1:])]
    known = [text.strip("/") for text in texts if text is not None and HOLE not in text]
    if not _may_be_given(first) or _is_run_directory(first) or len(known) != len(texts) or (head != HOLE and not begun):
        return None
    directories, pattern = (known, before) if before.endswith("*") else (known[:-1], before + "".join(known[-1:]))
    whole = "/".join((HOLE, *directories, pattern))
    return whole if is_pattern(whole) else None


def _directory_and_pattern(parts: list[e.Node], before: str) -> str | None:
    """Return a name with wildcards: relative to what is not known of its directory, if that is where it begins."""
    first, texts = _leftmost(parts[0]), [pattern_of(part) for part in parts]
    start, is_known = "", True
    head = texts[0] or HOLE  # whatever gives a directory
    if head.startswith(HOLE):
        if _is_run_directory(first):
            return None
        start, is_known = BESIDE if _is_beside(first) else "", False
        texts = [head.removeprefix(f"{HOLE}/"), *texts[1:]] if head.startswith(f"{HOLE}/") else texts[1:]
        # Anything may lie in a directory that a caller has given.
        if not start and not _is_constant(first) and before.endswith("*") and not texts:
            return None
    known = [text.strip("/") if index else text.rstrip("/") for index, text in enumerate(texts) if text is not None]
    if len(known) != len(texts) or any(text.startswith(("/", "~", HOLE * 2)) for text in known):
        return None
    directories, pattern = (known, before) if before.endswith("*") else (known[:-1], before + "".join(known[-1:]))
    whole = "/".join(text for text in (*directories, pattern) if text not in {"", "."})
    if is_known and "/" not in whole:
        return None  # from where the program was started, which may be anywhere
    return f"{start}{whole}" if is_pattern(whole) and whole.count(HOLE) <= 1 else None


def _leftmost(node: e.Node) -> e.Node:
    """Return what a text begins with: `DATA` of `f"{DATA}/*.txt"` and of `str(DATA) + "/*.txt"`."""
    match node:
        case e.Binary(operator="+", left=left):
            return _leftmost(left)
        case e.FormattedString(parts=(e.Interpolation(value=value), *_)):
            return _leftmost(value)
        case e.Call(function=e.Name(id="str"), arguments=(argument, *_)):
            return _leftmost(argument.value)
        case _:
            return node


def _is_beside(node: e.Node) -> bool:
    """Whether a directory is that of the file itself, `Path(__file__).parent`; not one of those above it."""
    if not isinstance(node, e.Attribute) or node.name != "parent":
        return False
    inner = node.value
    while isinstance(inner, e.Call) and isinstance(inner.function, e.Attribute):
        inner = inner.function.value  # `Path(__file__).resolve()`
    names = [argument.value for argument in inner.arguments] if isinstance(inner, e.Call) else []
    return [name.id for name in names if isinstance(name, e.Name)] == ["__file__"]


def _may_be_given(node: e.Node) -> bool:
    """Whether a field may say which directory a value is, or a caller: it is no constant, nor found by `__file__`."""
    while isinstance(node, e.Subscript):
        node = node.value
    return isinstance(node, e.Name | e.Attribute) and not _is_constant(node) and last_name(node) not in _ABOVE


def _is_constant(node: e.Node) -> bool:
    """Whether a name is written as those of constants are."""
    name = node.name if isinstance(node, e.Attribute) else node.id if isinstance(node, e.Name) else ""
    return name.isupper()


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
        words = (word for word in text.split() if len(word) <= _LONGEST and _WORD.fullmatch(word))
        yield from (FileMention(word, at, is_run=True) for word in words)


def _parts(node: e.Node) -> list[e.Node]:
    match node:
        case e.Binary(operator="/", left=left, right=right):
            return [*_parts(left), *_parts(right)]
        case e.Call(function=function, arguments=arguments) if last_name(function) in _JOINS:
            receiver = _receiver(function) if last_name(function) == "joinpath" else None
            values = [value for argument in arguments for value in _parts(argument.value)]
            return values if receiver is None else [*_parts(receiver), *values]
        case e.Call() if (found := renamed(node)) is not None:
            inner, last = found
            return [*_parts(inner)[:-1], last(_parts(inner)[-1])]
        case _:
            return [node]


def _operands(call: e.Call) -> list[e.Node]:
    """Return what a call works on: what its method is of, and its arguments; of `open` the file alone."""
    receiver = _receiver(call.function)
    values: list[e.Node] = [argument.value for argument in call.arguments]
    if last_name(call.function) == "open":
        values = [] if isinstance(call.function, e.Attribute) else values[:1]
    return [receiver, *values]


def _is_path(node: e.Node) -> bool:
    is_joined = isinstance(node, e.Call) and (last_name(node.function) in _JOINS or renamed(node) is not None)
    return is_joined or isinstance(node, e.Literal | e.Concatenation | e.Binary | e.FormattedString)


def _receiver(function: e.Expression) -> e.Expression:
    return function.value if isinstance(function, e.Attribute) else function


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


def _is_run_directory(node: e.Node) -> bool:
    while isinstance(node, e.Call):
        node = node.function
    name = node.name if isinstance(node, e.Attribute) else node.id if isinstance(node, e.Name) else ""
    return name in _RUN_DIRECTORIES
