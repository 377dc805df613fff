"""The names with wildcards by which code finds files: `PROMPTS.glob("*.txt")`, `os.listdir("conf")`."""

import re
from collections.abc import Iterable, Iterator

from huldra.facts import expressions as e
from huldra.fingerprints.name_patterns import HOLE, STEM, is_constant, last_name, pattern_of
from huldra.fingerprints.path_parts import handed_directory, is_run_directory, may_be_given, parts_of
from huldra.formats.globbing import is_pattern

LONGEST = 200
_FINDERS = {"glob": "", "iglob": "", "rglob": "**/", "iterdir": "*", "listdir": "*", "scandir": "*", "walk": "**/*"}
"""Calls that find the files of a directory: what stands before their pattern, or in its place."""
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


def found_by(call: e.Call) -> Iterator[str]:
    """Yield the pattern of a call that finds files: `PROMPTS.glob("*.txt")`, `os.listdir("conf")`."""
    name = last_name(call.function)
    before = _FINDERS.get(name)
    if name in _READERS_OF_ALL:
        named = (argument.value for argument in call.arguments if argument.name in {None, *_DIRECTORIES})
        for parts in (way for value in named for way in _ways(parts_of(_plain_path(value)))):
            yield from _patterns([_directory_and_pattern(parts, "**/*"), _below_given(parts, "**/*")])
    if before is None:
        return
    given = [argument.value for argument in call.arguments if argument.name in {None, "pathname", "pattern"}]
    owner = call.function.value if isinstance(call.function, e.Attribute) else None
    is_method = owner is not None and not (isinstance(owner, e.Name) and owner.id in _OF_MODULES)
    last = "" if before.endswith("*") else None  # the pattern is given
    if is_method and owner is not None:
        parts = [*parts_of(owner), *(given[:1] if last is None else ())]
    else:
        parts = [part for value in given[:1] for part in parts_of(value)]
    # `ast.walk(tree)` finds no files: of a directory these methods are given nothing.
    if not parts or (is_method and (last is None) != bool(given)):
        return
    # Much else is walked through, by functions and methods of that name.
    for way in (parts,) if name == "walk" and is_method else _ways(parts):
        below = None if name == "walk" and owner is None else _below_given(way, before)
        yield from _patterns([_directory_and_pattern(way, before), below])


def _ways(parts: list[e.Node]) -> Iterator[list[e.Node]]:
    """Yield the parts of a name with wildcards, also with what a function joins: `asset("labels").glob("*.txt")`."""
    yield parts
    if parts and isinstance(first := parts[0], e.Call) and (handed := handed_directory(first)):
        yield [first.function, *handed, *parts[1:]]


def _patterns(texts: Iterable[str | None]) -> Iterator[str]:
    for text in texts:
        if text is not None and len(text) <= LONGEST and _PATTERN.fullmatch(text.replace(HOLE, "x").replace(STEM, "x")):
            yield text


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
    if not may_be_given(first) or is_run_directory(first) or len(known) != len(texts) or (head != HOLE and not begun):
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
        if is_run_directory(first):
            return None
        start, is_known = BESIDE if _is_beside(first) else "", False
        texts = [head.removeprefix(f"{HOLE}/"), *texts[1:]] if head.startswith(f"{HOLE}/") else texts[1:]
        # Anything may lie in a directory that a caller has given.
        if not start and not is_constant(first) and before.endswith("*") and not texts:
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
