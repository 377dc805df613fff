"""The scopes around the place that is being read: what a name there belongs to, and the number of a local one."""

from collections.abc import Generator
from contextlib import contextmanager

from huldra.facts import expressions as e
from huldra.fingerprints.by_text import module_asked
from huldra.fingerprints.literals import literal_form
from huldra.fingerprints.mentions import MentionKind
from huldra.fingerprints.scopes import Imported, Scope
from huldra.project.bindings import ImportedFrom, ImportedModule

DYNAMIC = frozenset({"eval", "exec", "globals", "locals", "__import__"})
"""Builtins that read what only a run can tell."""
_TELLING = frozenset({"locals", "vars", "dir"})

Head = tuple[MentionKind, tuple[str, ...], Imported | None]
"""What a chain of attributes begins with outside the definition: the kind of mention, its first names, its import.

A `name` without any is the module itself."""


class ScopeStack:
    """The scopes that are open, innermost last.

    Args:
        class_names: The names of the class body around the definition, seen only where no function is open.
        owner: The name by which code finds the class around the definition; empty where that may be another class.

    Attributes:
        receiver: The scope and name of a method's first parameter.
    """

    def __init__(self, class_names: frozenset[str], owner: str = "") -> None:
        self.receiver: tuple[Scope, str] | None = None
        self._class_names = class_names
        self._owner = owner
        self._open: list[Scope] = []
        self._entered: list[Scope] = []  # kept alive, since their identity numbers their names
        self._numbers: dict[tuple[int, str], int] = {}

    @contextmanager
    def inside(self, scope: Scope) -> Generator[None]:
        """Open a scope."""
        self._open.append(scope)
        self._entered.append(scope)
        try:
            yield
        finally:
            self._open.pop()

    def look_up(self, name: str) -> Scope | None:
        """Return the scope that a name belongs to; None for a name from outside."""
        for index in range(len(self._open) - 1, -1, -1):
            scope = self._open[index]
            if scope.is_class and index != len(self._open) - 1:
                continue
            if name in scope.names or name in scope.imports:
                return scope
        return None

    def is_attribute(self, name: str) -> bool:
        """Return whether a name that is bound here becomes one of a class, whose body may be the one around it all."""
        scope = self.look_up(name)
        is_around = not self._open and name in self._class_names
        return is_around or (scope is not None and scope.is_class and name not in scope.imports)

    def value_of(self, name: str) -> e.Expression | None:
        """Return the value of a local name that is bound once, where it is known."""
        scope = self.look_up(name)
        return None if scope is None else scope.value_of(name)

    def number(self, scope: Scope, name: str) -> int:
        """Return the number of a local name, in order of first use."""
        return self._numbers.setdefault((id(scope), name), len(self._numbers))

    def names_told(self, call: e.Call) -> tuple[str, ...]:
        """Return the names of a scope that a call tells, `locals()`: renamed they are another result."""
        if not self._open or call.arguments or self.builtin(call.function) not in _TELLING:
            return ()
        return tuple(sorted({*self._open[-1].names, *self._open[-1].imports}))

    def head(self, value: e.Expression) -> Head | None:
        """Return what a chain of attributes begins with, if it begins outside the definition or at its receiver."""
        match value:
            case e.Name(id=name):
                return self._name_head(name)
            case e.Call(function=e.Name(id="super"), arguments=given) if self._is_own(given):
                return "super", (), None
            case e.Call(function=e.Name(id="type"), arguments=(e.Argument(value=e.Name(id=name)),)):
                head = self._name_head(name)
                return head if head is not None and head[0] == "self" else None
            case e.Call() | e.Subscript():
                name = module_asked(value)
                if name is not None:
                    return _module_named(name)
                return _imported_by_call(value) if isinstance(value, e.Call) else None
            case _:
                return None

    def builtin(self, function: e.Expression) -> str:
        """Return the name by which something may be a built-in function: `eval`, but nothing for `model.eval`."""
        owner, _, name = (e.dotted_name(function) or "").rpartition(".")
        return name if owner == "builtins" or (not owner and self.look_up(name) is None) else ""

    def _is_own(self, arguments: tuple[e.Argument, ...]) -> bool:
        """Whether `super` is given what it takes by itself in a method: nothing, or the class and the receiver."""
        match arguments:
            case ():
                return self.receiver is not None
            case (e.Argument(value=e.Name(id=owner), name=None), e.Argument(value=e.Name(id=name), name=None)):
                is_own_class = owner == self._owner and self.look_up(owner) is None
                return is_own_class and self.receiver == (self.look_up(name), name)
            case _:
                return False

    def _name_head(self, name: str) -> Head | None:
        scope = self.look_up(name)
        if scope is None:
            is_class_level = not self._open and name in self._class_names
            return ("self", (name,), None) if is_class_level else ("name", (name,), None)
        if self.receiver is not None and scope is self.receiver[0] and name == self.receiver[1]:
            return "self", (), None
        return ("import", (name,), scope.imports[name]) if name in scope.imports else None


def chain_of(value: e.Expression) -> tuple[e.Expression, list[str]]:
    """Return what a chain of attributes begins with, and their names."""
    names: list[str] = []
    while isinstance(value, e.Attribute):
        names.append(value.name)
        value = value.value
    names.reverse()
    return value, names


def _module_named(name: e.Expression) -> Head | None:
    """`sys.modules["a.b"]` is `a.b`; `sys.modules[__name__]`, or of the class's `__module__`, the module itself."""
    form = literal_form(name.source) if isinstance(name, e.Literal) else ""
    if form.startswith("str '") and len(form) > len("str ''"):
        return "import", (form[5:-1],), ImportedModule(form[5:-1], form[5:-1])
    is_own = isinstance(name, e.Name) and name.id == "__name__"
    is_own = is_own or (isinstance(name, e.Attribute) and name.name == "__module__")
    return ("name", (), None) if is_own else None


def _imported_by_call(call: e.Call) -> Head | None:
    """`import_module("a.b")` is `a.b`, `import_module(".b", "a")` too, `__import__("a.b")` is `a`.

    `import_module(".a.b", __package__)` is what `from .a import b` binds.
    """
    match call.arguments:
        case (e.Argument(value=e.Literal(source=source), name=None),):
            package: e.Expression | None = None
        case (e.Argument(value=e.Literal(source=source), name=None), e.Argument(value=package, name=None | "package")):
            pass
        case _:
            return None
    text, function = literal_form(source), (e.dotted_name(call.function) or "").rpartition(".")[2]
    full = text[5:-1] if text.startswith("str '") else ""
    path = full.lstrip(".")
    level = len(full) - len(path)
    match function, package:
        case "__import__", None if path and not level:
            top = full.partition(".")[0]
            return "import", (top,), ImportedModule(top, full)
        case "import_module", _ if path and not level:
            return "import", (full,), ImportedModule(full, full)
        case "import_module", e.Name(id="__package__" | "__name__") if path:
            module, _, name = path.rpartition(".")
            return "import", (name,), ImportedFrom(level, module, name)
        case "import_module", e.Literal(source=source) if path and literal_form(source).startswith("str '"):
            parents = literal_form(source)[5:-1].split(".")
            absolute = ".".join((*parents[: len(parents) + 1 - level], path))
            return "import", (absolute,), ImportedModule(absolute, absolute)
        case _:
            return None
