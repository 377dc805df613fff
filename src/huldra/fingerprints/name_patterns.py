"""Names of files as code puts them together: which parts are known, and which are values that only a run has."""

import ast
import re
from collections.abc import Iterable, Iterator

from huldra.facts import expressions as e
from huldra.facts import statements as s
from huldra.facts.bound_by import target_names
from huldra.facts.walk import child_nodes, walk

HOLE = "{}"
"""What stands in a name for a part that only a run can tell: a field's value, most often."""
TURN = "{for}"
"""What stands in a name for every such part, where one of them is the value of a turn of a loop."""
END = "././"
"""How a word begins that stands at the end of a path: it may name a file, though it looks like a directory."""
STEM = "{__file__}"
"""What stands in a name for that of the file of code itself, without its suffix."""
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9_]{0,11}$")
_FIELD = re.compile(r"\{[\w.\[\]]*(?:![rsa])?(?::[^{}/]*)?\}|%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[sdiufgeFGE]")
"""What `str.format` and `%` put a value in the place of."""
_TEXT_CALLS = frozenset({"str", "format", "lower", "upper", "title", "strip", "replace", "zfill", "rjust", "join"})
"""The last names of calls that give a text which is a part of a name."""
_SAME_FILE = frozenset({"resolve", "absolute", "as_posix", "expanduser"})
_PATHS_OF = frozenset({"Path", "PurePath", "PosixPath", "str", "fspath", "abspath", "realpath", "normpath", "basename"})
"""Methods and functions that give the same file in other words, or its name."""
_FIRST_OF = frozenset({"split", "rsplit", "partition", "rpartition"})


def turn_names(nodes: Iterable[e.Node]) -> frozenset[str]:
    """Return the names that loops in some parts of a definition give values to which come from no attribute."""
    inside = (found for node in nodes for found in walk(node))
    loops = [(node.target, node.iterable) for node in inside if isinstance(node, s.For | e.Clause)]
    return frozenset(name for target, given in loops if not _has_attribute(given) for name in target_names(target))


def _has_attribute(node: e.Node) -> bool:
    """Whether something of an object is in a value, as in `self.folds`; what a method is of does not count."""
    callees = {id(inner.function) for inner in walk(node) if isinstance(inner, e.Call)}
    return any(isinstance(inner, e.Attribute) and id(inner) not in callees for inner in walk(node))


def of_turn(text: str, node: e.Node, turns: frozenset[str]) -> str:
    """Return a name with holes as it is written where the value of a turn is one of what it is put together from."""
    is_one = any(isinstance(inner, e.Name) and inner.id in turns for inner in walk(node))
    return text.replace(HOLE, TURN) if is_one else text


def may_be_file(text: str) -> bool:
    """Return whether a text looks like the name of a file; a single word without a suffix may only be a directory."""
    return "/" in text or has_suffix(text)


def pattern_of(node: e.Node) -> str | None:
    """Return a text of which parts are not known, with a hole for each; None if it has no such form."""
    text = text_of(node)
    if text is not None:
        return with_holes(text)
    if (own := named_after_file(node)) is not None:
        return own
    match node:
        case e.FormattedString(parts=parts) | e.Concatenation(parts=parts):
            found = [pattern_of(part) for part in parts]
        case e.Binary(operator="+", left=left, right=right):
            found = [pattern_of(left), pattern_of(right)]
        case e.Binary(left=template) if is_template(node):
            return pattern_of(template)
        case e.Call(function=e.Attribute(value=template)) if is_template(node):
            return pattern_of(template)
        case e.Interpolation(value=value, conversion="" | "s", debug="") if named_after_file(value) == STEM:
            return STEM
        case e.Interpolation(conversion="" | "s", debug="") | e.Name() | e.Attribute() | e.Subscript():
            return HOLE
        case e.Call(function=function) if last_name(function) in _TEXT_CALLS:
            return HOLE
        case _:
            return None
    return None if None in found else "".join(part or "" for part in found)


def named_after_file(node: e.Node) -> str | None:
    """Return a name that is made of that of the file of code itself, `Path(__file__).stem`; None for anything else."""
    match node:
        case e.Attribute(value=file, name="stem"):
            after = ""
        case e.Subscript(value=e.Call() as call, index=e.Literal(source="0")):
            return STEM if _splits_suffix_off(call) else None
        case e.Subscript(
            value=file,
            index=e.Slice(lower=None, upper=e.Unary(operator="-", operand=e.Literal(source="3")), step=None),
        ):
            after = ""
        case e.Call(function=e.Attribute(value=file, name="removesuffix"), arguments=(e.Argument(value=old),)):
            after = "" if text_of(old) == ".py" else None
        case e.Call(
            function=e.Attribute(value=file, name="replace"), arguments=(e.Argument(value=old), e.Argument(value=new))
        ):
            after = pattern_of(new) if text_of(old) == ".py" else None
        case _:
            return None
    return None if after is None or not is_own_file(file) else f"{STEM}{after}"


def _splits_suffix_off(call: e.Call) -> bool:
    """Whether the first of what a call gives is the file's own name: `splitext(__file__)`, `__file__.split(".")`."""
    match call:
        case e.Call(function=function, arguments=(e.Argument(value=file),)) if last_name(function) == "splitext":
            return is_own_file(file)
        case e.Call(function=e.Attribute(value=file, name=method), arguments=(e.Argument(value=point), *_)):
            return method in _FIRST_OF and text_of(point) == "." and is_own_file(file)
        case _:
            return False


def is_own_file(node: e.Node) -> bool:
    """Whether a node is the file of code itself, as a path or as its name: `__file__`, `Path(__file__).resolve()`."""
    match node:
        case e.Name(id="__file__"):
            return True
        case e.Attribute(value=inner, name="name"):
            return is_own_file(inner)
        case e.Call(function=e.Attribute(value=inner, name=method)) if method in _SAME_FILE:
            return is_own_file(inner)
        case e.Call(function=function, arguments=(e.Argument(value=inner),)):
            return last_name(function) in _PATHS_OF and is_own_file(inner)
        case _:
            return False


def gives_own_name(node: e.Node) -> bool:
    """Whether a name may be made later of what a node gives: `Path(__file__)`, its stem, both parts of `splitext`."""
    is_split = isinstance(node, e.Call) and _splits_suffix_off(node)
    return is_split or is_own_file(node) or named_after_file(node) == STEM


def in_file(text: str, file: str) -> str:
    """Return a name as it is meant in a file of code, of whose own name it may be made."""
    return text.replace(STEM, file.rpartition("/")[2].removesuffix(".py"))


def without_suffix(text: str) -> str:
    """Return the name of a file without what tells its kind."""
    return _SUFFIX.sub("", text)


def has_suffix(text: str) -> bool:
    """Return whether a text ends as the names of files do."""
    return _SUFFIX.search(text) is not None


def is_constant(node: e.Node) -> bool:
    """Whether a name is written as those of constants are."""
    name = node.name if isinstance(node, e.Attribute) else node.id if isinstance(node, e.Name) else ""
    return name.isupper()


def is_template(node: e.Node) -> bool:
    """Whether a node puts values in a text that is written there: `"{}.txt".format(x)`, `"%s.txt" % x`."""
    match node:
        case e.Binary(operator="%", left=e.Literal() | e.Concatenation()):
            return True
        case e.Call(function=e.Attribute(value=e.Literal() | e.Concatenation(), name="format")):
            return True
        case _:
            return False


def with_holes(text: str) -> str:
    """Return a text with a hole for each field that a value is put in later, if it may be the name of a file then."""
    found = _FIELD.sub(HOLE, text)
    return found if may_be_file(found.replace(HOLE, "x")) else text


def is_text(node: e.Node) -> bool:
    """Whether a node puts a text together."""
    is_sum = isinstance(node, e.Binary) and node.operator == "+"
    return is_sum or isinstance(node, e.FormattedString | e.Concatenation)


def pieces_of(node: e.Node) -> Iterator[e.Node]:
    """Yield what a node is put together from; what an f-string says around its values names nothing by itself."""
    match node:
        case e.Binary(operator="+", left=left, right=right):
            for part in (left, right):
                yield from pieces_of(part) if is_text(part) else (part,)
        case e.FormattedString(parts=parts):
            yield from (part for part in parts if isinstance(part, e.Interpolation))
        case e.Concatenation(parts=parts):
            yield from (part for part in parts if isinstance(part, e.FormattedString))
        case e.Binary(right=values) if is_template(node):
            yield values
        case e.Call(arguments=arguments) if is_template(node):
            yield from arguments
        case _:
            yield from child_nodes(node)


def text_of(node: e.Node) -> str | None:
    """Return a text that stands in the code, None for anything else."""
    parts = node.parts if isinstance(node, e.Concatenation) else (node,)
    texts: list[str] = []
    for part in parts:
        if not isinstance(part, e.Literal):
            return None
        try:
            value: object = ast.literal_eval(part.source)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return None
        if not isinstance(value, str):
            return None
        texts.append(value)
    return "".join(texts)


def last_name(function: e.Expression) -> str:
    """Return the last name of what is called: `join` of `os.path.join`; empty if it has none."""
    match function:
        case e.Name(id=name) | e.Attribute(name=name):
            return name
        case _:
            return ""
