"""What runs or loads code by a name that is a text, and the code of the project that such a text names.

Which text is meant only a run can tell: what these lead to is followed, and stays in doubt.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator

from huldra.facts.statements import ClassDefinition, FunctionDefinition, If, Import, ImportFrom
from huldra.fingerprints.code import Code
from huldra.fingerprints.file_names import directories_above
from huldra.fingerprints.model import Closure
from huldra.fingerprints.module_names import PlacedStatement
from huldra.fingerprints.name_patterns import HOLE, TURN
from huldra.fingerprints.resolve import Node
from huldra.project.bindings import is_type_checking
from huldra.project.modules import absolute_module
from huldra.project.places import Origin

_SAYINGS = (
    (
        (
            *("subprocess.", "runpy.run_", "os.system", "os.popen", "os.exec", "os.spawn", "os.posix_spawn"),
            "pandas.eval",
        ),
        "runs",
    ),
    (
        (
            *("pydoc.locate", "pkgutil.resolve_name", "hydra.utils.", "imp.load_"),
            *("importlib.util.spec_from_file_location", "importlib.machinery.SourceFileLoader"),
        ),
        "loads",
    ),
)
"""How the names begin of what runs code that is named by a text, or loads it."""
_SEARCH_PATH = ("sys.path.insert", "sys.path.append", "sys.path.extend", "site.addsitedir")
_DYNAMIC = ("exec(", "eval(", "__import__(", "import_module(")
"""How what is said of built-in ways begins to run code that only a run can tell."""
_NOT_FOLLOWED = " what is not followed"
_CODE_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+(:[A-Za-z_][\w.]*)?|[A-Za-z_]\w*:[A-Za-z_][\w.]*|[\w./+-]+\.py")
_LONGEST = 200
_VALUE = re.compile(r"[\w.-]+")
_MOST_MODULES = 100
"""Where a value may choose between more modules than so many, what is said of it has to do."""


def said_of_runner(name: str) -> str | None:
    """Return what is to be said of something outside the project that runs code, or changes what imports lead to."""
    for beginnings, verb in _SAYINGS:
        if name.startswith(beginnings):
            return f"{name} {verb}{_NOT_FOLLOWED}"
    return f"{name} changes what imports lead to" if name.startswith(_SEARCH_PATH) else None


def may_name_code(text: str) -> bool:
    """Return whether a text looks like what names code: `lab.models.Net`, `lab.models:build`, `scripts/prep.py`."""
    return len(text) <= _LONGEST and _CODE_NAME.fullmatch(text) is not None


def names_entry_point(text: str) -> bool:
    """Return whether a text looks like an entry point (`lab.envs:Grid`), which is written for whoever loads it."""
    return ":" in text and may_name_code(text)


def loads_by_name(closure: Closure) -> bool:
    """Return whether something in a closure runs or loads code that a text names."""
    return any(runs_code(doubt.message) or doubt.message.endswith(_NOT_FOLLOWED) for doubt in closure.doubts)


def runs_code(message: str) -> bool:
    """Return whether a construct of which something is said runs code that may be named by a text."""
    return message.startswith(_DYNAMIC)


def code_named(code: Code, file: str, text: str) -> tuple[str, str] | None:
    """Return the module of the project that a text in a file names, and a name in it; empty for the module itself.

    Args:
        code: The state of the code.
        file: Where the text stands.
        text: `scripts/prep.py`, as seen from the root, the file's directory or one above; or `lab.prep`,
            `lab.models.build` or `lab.models:build`.
    """
    if text.endswith(".py"):
        names = (posixpath.normpath(posixpath.join(at, text)) for at in directories_above(file.rpartition("/")[0]))
        module = next((code.modules.module_of[name] for name in names if name in code.modules.module_of), None)
        return None if module is None else (module, "")
    dotted, _, below = text.partition(":")
    parts = [*dotted.split("."), *filter(None, below.split("."))]
    for count in range(len(parts), 0, -1):
        module = ".".join(parts[:count])
        if module in code.modules.file_of:
            return module, "".join(parts[count : count + 1])
    return None


def code_named_by_value(code: Code, file: str, text: str, words: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Return the modules that a text may name of which a value is a part, each behind that value.

    Where a loop gives the value (`for kind in ("a", "b")`) these are of all runs, and stand behind nothing.

    Args:
        code: The state of the code.
        file: Where the text stands.
        text: With `HOLE` for the value: `lab.models.{}`, `.{}` as seen from the file's package, or `scripts/{}.py`.
        words: What the same definition says, which a loop may go through.
    """
    if TURN in text:
        named = code_named_by_value(code, file, text.replace(TURN, HOLE), words)
        return tuple(("", module) for value, module in named if value in words) or tuple(("", m) for _, m in named)
    if text.count(HOLE) != 1:
        return ()
    if text.endswith(".py"):
        known = code.modules.module_of
        places = directories_above(file.rpartition("/")[0])
        found = (_by_value(posixpath.normpath(posixpath.join(at, text)), known) for at in places)
        named = [(value, known[name]) for each in found for value, name in each]
    else:
        full = _absolute(code, file, text)
        named = [] if full.strip(f".{HOLE}") == "" else list(_by_value(full, code.modules.file_of))
    return () if len(named) > _MOST_MODULES else tuple(dict.fromkeys(named))


def _absolute(code: Code, file: str, text: str) -> str:
    """Return a dotted name as seen from anywhere, given one that may begin with dots."""
    dots = len(text) - len(text.lstrip("."))
    importer = code.modules.module_of.get(file, "")
    base = absolute_module(importer, dots, "", is_package=code.modules.is_package(importer)) if dots else ""
    return f"{base}.{text[dots:]}" if base else text[dots:]


def _by_value(text: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    before, after = text.split(HOLE)
    # Of very many names nearly all do not even begin so.
    for name in sorted([name for name in names if name.startswith(before) and name.endswith(after)]):
        value = name[len(before) : len(name) - len(after)]
        if _VALUE.fullmatch(value):
            yield value, name


def program_statements(code: Code, module: str) -> tuple[PlacedStatement, ...]:
    """Return what a module does when it is run; what it defines is reached from there."""
    file = code.modules.file_of.get(module, "")
    return tuple(_statements(code, file))


def _statements(code: Code, file: str) -> Iterator[PlacedStatement]:
    facts = code.facts.get(file)
    for piece in () if facts is None else facts.pieces:
        for statement in piece.facts.statements:
            is_binding = isinstance(statement, Import | ImportFrom | FunctionDefinition | ClassDefinition)
            if not is_binding and not (isinstance(statement, If) and is_type_checking(statement.test)):
                yield statement, Origin(file, piece.first_line)


def loaded(module: str) -> tuple[Node, ...]:
    """Return what a module does as it is loaded, and what may be read of it then."""
    return Node("program", module), Node("module", module)
