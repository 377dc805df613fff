"""Which modules of the project a mention leads to that are no Python files, and may be compiled. Reads no directory.

Whether there is such a module depends on files that are no code; that is for `compiled_files` to find, state by state.
"""

import builtins
from collections.abc import Iterator

from huldra.facts.expressions import Attribute, Expression, Name, Subscript
from huldra.fingerprints.code import Code
from huldra.fingerprints.mentions import Mention
from huldra.fingerprints.model import Compiled
from huldra.fingerprints.resolve import Context
from huldra.project.bindings import BindingTarget, ImportedFrom, ImportedModule
from huldra.project.imported import imported_modules, with_parents
from huldra.project.modules import PACKAGE_FILE, absolute_module
from huldra.project.symbols import ExternalSymbol, UnresolvedSymbol

OPERATORS = "torch.ops."
"""How the names begin of what libraries register that are loaded by an import and never mentioned."""

_Path = tuple[str, ...]
_Seen = frozenset[tuple[str, _Path]]


def compiled_modules(code: Code, mention: Mention, context: Context) -> tuple[str, ...]:
    """Return the modules that a mention leads to, or may lead to where an import is tried, and that are no files."""
    if not mention.path:
        return ()
    if mention.kind == "import" and mention.imported is not None:
        key = (context.module, mention.path, mention.imported)
        if key not in code.compiled:
            found = _bound(code, context.module, mention.imported, mention.path, frozenset())
            code.compiled[key] = tuple(dict.fromkeys(found))
    elif mention.kind == "name":
        key = (context.module, mention.path, None)
        if key not in code.compiled:
            code.compiled[key] = tuple(dict.fromkeys(_named(code, context.module, mention.path, frozenset())))
    else:
        return ()
    return code.compiled[key]


def compiled_imports(code: Code, module: str) -> Iterator[str]:
    """Yield the modules that a module imports at its top, and that are no files."""
    facts = code.facts.get(code.modules.file_of.get(module, ""))
    for name, when in () if facts is None else imported_modules(code.modules, module, facts):
        owner, _, last = name.rpartition(".")
        namespace = code.symbols.namespace(owner)
        is_name = namespace is not None and last in namespace.bindings
        if when != "typing" and not is_name and _is_missing(code, name):
            yield name


def compiled_as(code: Code, name: str, line: int, said: str = "") -> Compiled:
    """Return where the files of a module may lie, by their names without an ending.

    `said` is what is to be said where there are none.
    """
    modules = code.modules
    for package in reversed(tuple(with_parents(name))[:-1]):
        file = modules.file_of.get(package, "")
        if file.endswith(f"{PACKAGE_FILE}.py"):
            directory = file.removesuffix(f"{PACKAGE_FILE}.py")
            rest = name.removeprefix(f"{package}.").replace(".", "/")
            return Compiled(name, (f"{directory}{rest}",), line, said, is_known=name in modules.compiled)
    path = name.replace(".", "/")
    places = tuple(f"{root}/{path}" if root else path for root in modules.roots or ("",))
    return Compiled(name, places, line, said, is_known=name in modules.compiled)


def _named(code: Code, module: str, path: _Path, seen: _Seen) -> Iterator[str]:
    """Yield what a plain name leads to, and what is read of it."""
    namespace = code.symbols.namespace(module)
    if namespace is None or (module, path) in seen:
        return
    bindings = namespace.bindings.get(path[0], ())
    for binding in bindings:
        if binding.when != "typing":
            yield from _bound(code, module, binding.target, path, seen | {(module, path)})
    if not bindings and not hasattr(builtins, path[0]):
        yield from _through_stars(code, module, path, seen | {(module, path)})


def _bound(code: Code, module: str, target: BindingTarget, path: _Path, seen: _Seen) -> Iterator[str]:
    """Yield what a binding of the first name of a path leads to."""
    match target:
        case ImportedModule(bound=bound, full=full):
            whole = (*bound.split("."), *path[1:])
            if full != bound and whole[: full.count(".") + 1] == tuple(full.split(".")) and _is_missing(code, full):
                yield full
            elif code.modules.has(bound):
                yield from _attribute(code, bound, path[1:], seen)
            elif _is_missing(code, bound):
                yield bound
        case ImportedFrom(level=level, module=source, name=name):
            found = absolute_module(module, level, source, is_package=code.modules.is_package(module))
            if found is not None and code.modules.has(found):
                yield from _attribute(code, found, (name, *path[1:]), seen)
            elif found is not None and _is_missing(code, found):
                yield found
        case Name() | Attribute() | Subscript():
            alias = _dotted(target)
            if alias:
                yield from _named(code, module, (*alias, *path[1:]), seen)
        case _:
            return


def _attribute(code: Code, module: str, path: _Path, seen: _Seen) -> Iterator[str]:
    """Yield what an attribute of a module leads to, and what is read of it."""
    if not path or (module, path) in seen:
        return
    namespace = code.symbols.namespace(module)
    if namespace is not None and path[0] in namespace.bindings:
        yield from _named(code, module, path, seen)
        return
    full = f"{module}.{path[0]}"
    if code.modules.has(full):
        yield from _attribute(code, full, path[1:], seen | {(module, path)})
        return
    found = tuple(_through_stars(code, module, path, seen | {(module, path)}))
    yield from found
    symbol = code.symbols.resolve(module, path[0])
    if not found and isinstance(symbol, UnresolvedSymbol | ExternalSymbol) and _is_missing(code, full):
        yield full


def _through_stars(code: Code, module: str, path: _Path, seen: _Seen) -> Iterator[str]:
    namespace = code.symbols.namespace(module)
    for level, target in () if namespace is None else namespace.star_imports:
        source = absolute_module(module, level, target, is_package=code.modules.is_package(module))
        if source is not None and code.modules.has(source):
            yield from _named(code, source, path, seen)
        elif source is not None and _is_missing(code, source):
            yield source


def _is_missing(code: Code, name: str) -> bool:
    """Whether a module would be one of the project, and no file of Python is it."""
    if code.modules.has(name):
        return False
    around = [package for package in with_parents(name) if code.modules.has(package)]
    if around:
        return code.modules.is_package(around[-1])
    return name.partition(".")[0] in code.compiled_top_level


def _dotted(node: Expression) -> _Path:
    names: list[str] = []
    value = node.value if isinstance(node, Subscript) else node
    while isinstance(value, Attribute):
        names.append(value.name)
        value = value.value
    return (value.id, *reversed(names)) if isinstance(value, Name) else ()
