"""Modules that code imports by a text, and those of a package as `pkgutil` lists them: how plug-ins are found."""

from collections.abc import Mapping

from huldra.experiments.evaluate.importing import count_outside, import_module, import_some
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.records import Rule, build_made_tuple, make_tuple_class
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.values import (
    FINISHED,
    AbstractValue,
    ClassObject,
    External,
    Finished,
    IteratorObject,
    ListObject,
    ModuleObject,
    Unknown,
)
from huldra.project.modules import PACKAGE_FILE, ModuleTable, absolute_module
from huldra.project.places import Place
from huldra.project.symbols import ExternalSymbol

_PATH = ".__path__"


def names_of_module(name: str, file: str) -> dict[str, AbstractValue]:
    """Return the names that a module has before its first line is run."""
    own: dict[str, AbstractValue] = {"__name__": name, "__file__": Unknown("the place of a file on disk")}
    if _is_package_file(file):
        place = Unknown("the place of a directory on disk", result_of=f"{name}{_PATH}")
        return {**own, "__package__": name, "__path__": ListObject([place])}
    return {**own, "__package__": name.rpartition(".")[0]}


def _import_by_name(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """`importlib.import_module("a.b")`, and `import_module(".b", package)`."""
    named = dict(call.keywords)
    name, package = (*call.positional[:2], named.pop("package", None), None)[:2]
    if not isinstance(name, str) or named or call.positional[2:]:
        import_some(machine, frame, call.place)
        return _not_known(name, call.place)
    if name.startswith("."):
        if not isinstance(package, str):
            import_some(machine, frame, call.place)
            return Unknown("a module whose name is not known", call.place)
        bare = name.lstrip(".")
        found = absolute_module(package, len(name) - len(bare), bare, is_package=True)
        if found is None:
            raise Raised("ImportError", "the dots lead out of the package", call.place)
        name = found
    import_module(machine, name)
    count_outside(machine, name.partition(".")[0])
    is_outside = isinstance(machine.project.symbols.module_symbol(name), ExternalSymbol)
    return External(name) if is_outside else ModuleObject(name)


def _import_top(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """`__import__("a.b")`, which gives `a`; with what else it may be told it is not followed."""
    name = call.positional[0] if len(call.positional) == 1 and not call.keywords else None
    if not isinstance(name, str):
        import_some(machine, frame, call.place)
        return _not_known(name, call.place)
    _import_by_name(machine, call, frame)
    return _import_by_name(machine, CallArguments([name.partition(".")[0]], {}, call.place), frame)


def _not_known(name: AbstractValue | None, place: Place) -> Unknown:
    """Return a module of which no name is known, by the reason for that if there is one."""
    return name if isinstance(name, Unknown) else Unknown("a module whose name is not known", place)


def _iter_modules(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """`pkgutil.iter_modules(package.__path__, prefix)`, which sorts what it finds."""
    package, prefix = _asked(call)
    found = None if package is None else _listed(machine.project.modules, package)
    if found is None or prefix is None:
        return _not_listed("iter_modules", call.place)
    return IteratorObject([_info(machine, prefix + name, frame, call.place, is_package=is_p) for name, is_p in found])


def _walk_packages(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """`pkgutil.walk_packages(package.__path__, prefix)`, which imports each package before it looks into it."""
    package, prefix = _asked(call)
    found = None if package is None else _listed(machine.project.modules, package, whole=True)
    if found is None or prefix is None:
        return _not_listed("walk_packages", call.place)
    if prefix != f"{package}." and any(is_package for _, is_package in found):
        return _not_listed("walk_packages", call.place)  # by the names that it makes it finds others, or none

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        index = iterator.state if isinstance(iterator.state, int) else len(found)
        if 0 < index <= len(found) and found[index - 1][1]:
            import_module(machine, prefix + found[index - 1][0])
        if index >= len(found):
            return FINISHED
        iterator.state = index + 1
        name, is_package = found[index]
        return _info(machine, prefix + name, frame, call.place, is_package=is_package)

    return IteratorObject([], step=step, state=0)


def _not_listed(name: str, place: Place) -> Unknown:
    return Unknown(f"what pkgutil.{name} finds in a directory that is not known", place)


def _asked(call: CallArguments) -> tuple[str | None, str | None]:
    """Return the package whose modules are asked for, and what their names begin with; None for what is not known."""
    given = dict(zip(("path", "prefix"), call.positional, strict=False)) | call.keywords
    path, prefix = given.pop("path", None), given.pop("prefix", "")
    is_plain = not given and len(call.positional) <= len(("path", "prefix")) and isinstance(prefix, str)
    match path:
        case ListObject(items=[Unknown(result_of=str(name))], unknown=None) if is_plain and name.endswith(_PATH):
            return name.removesuffix(_PATH), prefix if isinstance(prefix, str) else None
        case _:
            return None, None


def _listed(table: ModuleTable, package: str, *, whole: bool = False) -> list[tuple[str, bool]] | None:
    """Return the names of the modules of a package, in order of their files, and whether each is a package.

    None where one of them is compiled: which of these there are depends on where it runs.
    """
    file = table.file_of.get(package, "")
    below = file.removesuffix(f"{PACKAGE_FILE}.py")
    if not _is_package_file(file) or any(name.startswith(f"{package}.") for name in table.compiled):
        return None
    found: dict[str, tuple[str, bool]] = {}
    for other in table.module_of:
        if not other.startswith(below) or other == file:
            continue
        name, _, rest = other.removeprefix(below).partition("/")
        if not rest:
            found[name] = name.removesuffix(".py"), False
        elif rest == f"{PACKAGE_FILE}.py" and "." not in name:
            found[name] = name, True
    listed: dict[str, bool] = {}
    for _, (name, is_package) in sorted(found.items()):
        if "." not in name:
            listed.setdefault(name, is_package)
    if not whole:
        return list(listed.items())
    walked: list[tuple[str, bool]] = []
    for name, is_package in listed.items():
        inner = _listed(table, f"{package}.{name}", whole=True) if is_package else []
        if inner is None:
            return None
        walked += [(name, is_package), *((f"{name}.{each}", is_inner) for each, is_inner in inner)]
    return walked


def _info(machine: Machine, name: str, frame: Frame, place: Place, *, is_package: bool) -> AbstractValue:
    """Return the named tuple that tells of a module."""
    fields = CallArguments(["ModuleInfo", ("module_finder", "name", "ispkg")], {}, place)
    cls = make_tuple_class(machine, fields, frame)
    finder = Unknown("what finds modules", place)
    given = CallArguments([finder, name, is_package], {}, place)
    return build_made_tuple(cls, given) if isinstance(cls, ClassObject) else finder


def _is_package_file(file: str) -> bool:
    return file.rpartition("/")[2] == f"{PACKAGE_FILE}.py"


IMPORTING: Mapping[str, Rule] = {
    "importlib.import_module": _import_by_name,
    "builtins.__import__": _import_top,
    "pkgutil.iter_modules": _iter_modules,
    "pkgutil.walk_packages": _walk_packages,
}
