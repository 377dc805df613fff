"""All facts, linked: the only builder of a Project."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct

from huldra.facts.statements import FileFacts, ImportFrom
from huldra.project.bindings import walk_block
from huldra.project.classes import ClassInfo, link_classes, with_definitions
from huldra.project.definition_errors import DefinitionError, definition_error
from huldra.project.edits import fields_differ, leads_alike
from huldra.project.fields import FieldTables
from huldra.project.imported import imported_files
from huldra.project.modules import ModuleTable, absolute_module
from huldra.project.places import Origin, start_of_file
from huldra.project.problems import Problem
from huldra.project.symbols import ModuleSymbol, SymbolTable, UnresolvedSymbol

_NOT_THERE = "HUL002"


class Project(Struct, frozen=True, eq=False):
    """A linked project.

    Attributes:
        modules: Module names and files.
        facts: The facts of every file; a file's are computed when they are first asked for.
        relevant: The files that can see an experiment class, sorted.
        classes: Every class of the relevant files, of what they import, and their project ancestors, by name.
        problems: What `link_problems` has found so far, by file.
        imported: The files that the relevant ones import, directly or not, and that see no experiment class themselves.
        aside: The modules of these.
        said: What is known to be wrong with the text of a file, or with what it imports.
        errors: What `definition_error` has found so far, by class.
    """

    modules: ModuleTable
    facts: Mapping[str, FileFacts]
    relevant: tuple[str, ...]
    symbols: SymbolTable
    classes: Mapping[str, ClassInfo]
    tables: FieldTables
    problems: dict[str, tuple[Problem, ...]] = {}
    imported: tuple[str, ...] = ()
    aside: frozenset[str] = frozenset()
    said: dict[str, tuple[Problem, ...]] = {}
    errors: dict[str, DefinitionError | None] = {}

    def definition_error(self, name: str) -> DefinitionError | None:
        """Return the first error that defining a config class raises, None when none is seen; sought once."""
        if name not in self.errors:
            self.errors[name] = definition_error(name, self.tables, self.symbols)
        return self.errors[name]

    def experiment(self, name: str) -> ClassInfo | None:
        """Return an experiment class by name; None when the project has no such class."""
        info = self.classes.get(name)
        return info if info is not None and info.dialect is not None else None


def link_project(
    modules: ModuleTable,
    facts: Mapping[str, FileFacts],
    relevant: tuple[str, ...],
    extra_bases: frozenset[str] = frozenset(),
) -> Project:
    """Return the project that files make up.

    Args:
        modules: The module table of all files.
        facts: Facts by file name, of at least every module; may be computed on demand.
        relevant: The files to look for classes and experiments in.
        extra_bases: Classes outside the project that count as experiment base classes, by dotted name.
    """
    symbols = SymbolTable(modules, facts)
    imported = imported_files(modules, facts, relevant)
    classes = link_classes({file: facts[file] for file in (*relevant, *imported)}, symbols, extra_bases)
    aside = frozenset(modules.module_of[file] for file in imported)
    tables = FieldTables(classes, symbols)
    return Project(modules, facts, relevant, symbols, classes, tables, imported=imported, aside=aside)


def relink_project(before: Project, facts: Mapping[str, FileFacts]) -> Project | None:
    """Return the project of another state of the same files, made of the state before; None where more has changed.

    Names must lead where they led, and classes have the ancestors and fields that they had (`edits.leads_alike`).

    Args:
        before: The project of the state before.
        facts: The facts of all files now.
    """
    table, edited = before.modules, _edited(before, facts)
    if edited is None:
        return None
    modules = {table.module_of[file]: file for file in edited if file in table.module_of}
    again: dict[str, ClassInfo] = {}
    for module, file in modules.items():
        again |= with_definitions(before.classes, file, module, facts[file])
    classes = {**before.classes, **again} if again else before.classes
    symbols = before.symbols.with_facts(facts, modules)
    heirs = _heirs(before.classes, classes, again)
    tables = before.tables.with_classes(classes, symbols, again.keys(), heirs)
    stale = {*edited, *(classes[name].origin.file for name in heirs)}
    problems, said = ({f: p for f, p in kind.items() if f not in stale} for kind in (before.problems, before.said))
    aside = before.aside
    return Project(table, facts, before.relevant, symbols, classes, tables, problems, before.imported, aside, said)


def files_that_may_differ(before: Project, after: Project, looked_at: Iterable[str]) -> frozenset[str] | None:
    """Return the files of which what is wrong may differ between two states; None where that cannot be told.

    What is wrong in a file follows from where its names lead, and from the bodies of its classes and their ancestors.

    Args:
        before: A state.
        after: Another one.
        looked_at: All files that anything wrong follows from in the state before, at least.
    """
    edited = _edited(before, after.facts, looked_at) if before.modules is after.modules else None
    if edited is None or before.relevant != after.relevant or before.classes.keys() != after.classes.keys():
        return None
    again = [name for name, info in before.classes.items() if after.classes.get(name) is not info]
    heirs = _heirs(before.classes, after.classes, again)
    return frozenset({*edited, *(after.classes[name].origin.file for name in heirs)})


def _edited(before: Project, facts: Mapping[str, FileFacts], further: Iterable[str] = ()) -> list[str] | None:
    """Return the files that are read and say something else now; None where a name may lead elsewhere for it."""
    table = before.modules
    files = (table.file_of.get(module) for module in before.symbols.seen_modules)
    known = dict.fromkeys((*before.relevant, *before.imported, *(file for file in files if file is not None), *further))
    if any((file in facts) is not (file in before.facts) for file in known):
        return None
    # A file that is gone, or cannot be read, says nothing, though it may still be listed.
    edited = [file for file in known if file in facts and before.facts[file] is not facts[file]]
    return edited if all(leads_alike(before.facts[file], facts[file]) for file in edited) else None


def _heirs(before: Mapping[str, ClassInfo], after: Mapping[str, ClassInfo], edited: Iterable[str]) -> set[str]:
    """Return the classes that have fields, their own or inherited ones, which another class body declares now."""
    changed = {name for name in edited if fields_differ(before[name].definition, after[name].definition)}
    return {name for name, info in after.items() if not changed.isdisjoint(info.order)} if changed else set()


def link_problems(project: Project, within: Collection[str] | None = None) -> tuple[Problem, ...]:
    """Return what cannot be parsed or linked in the relevant files.

    Args:
        project: The project.
        within: The files of which somebody wants to know whether their classes can be defined, if it is not all.
    """
    if within is None:
        unknown = {file for file in project.relevant if file not in project.problems}
        for file, problems in _problems_of(project, unknown).items():
            project.problems[file] = tuple(problems)
        found = [problem for problems in project.problems.values() for problem in problems]
    else:
        found = [*_said_of_files(project), *(problem for _, problem in _definition_problems(project, within))]
    for file, winner in project.modules.shadowed:
        if file in project.relevant or winner in project.relevant:
            message = f"{winner} has the same module name and wins: this file cannot be imported"
            found.append(Problem(start_of_file(file), "HUL004", "warning", message))
    return tuple(sorted(found))


def lacks_modules(project: Project) -> bool:
    """Whether a relevant file imports from the project what is not there."""
    return any(problem.code == _NOT_THERE for problem in _said_of_files(project))


def _problems_of(project: Project, files: Collection[str]) -> Mapping[str, list[Problem]]:
    found = {file: list(_said_of(project, file)) for file in files}
    others = {info.origin.file for info in project.classes.values()}.difference(project.problems, project.relevant)
    for file, problem in _definition_problems(project, {*files, *others}):
        found.setdefault(file, []).append(problem)
    return found


def _definition_problems(project: Project, files: Collection[str]) -> Iterator[tuple[str, Problem]]:
    for info in project.classes.values():
        file = info.origin.file
        if file in files and project.tables.is_config_class(info.name):
            error = project.definition_error(info.name)
            if error is not None:
                message = f"defining {info.qualname} raises {error.error_type}: {error.message}"
                yield file, Problem(error.place, error.code, "error", message)


def _said_of_files(project: Project) -> Iterator[Problem]:
    for file in project.relevant:
        yield from _said_of(project, file)


def _said_of(project: Project, file: str) -> tuple[Problem, ...]:
    if file not in project.said:
        project.said[file] = tuple(_file_problems(project, file))
    return project.said[file]


def _file_problems(project: Project, file: str) -> Iterator[Problem]:
    facts = project.facts[file]
    if facts.problem is not None:
        yield Problem(Origin(file).place(facts.problem.at), "HUL001", "error", facts.problem.message)
    for piece in facts.pieces:
        origin = Origin(file, piece.first_line)
        if piece.facts.problem is not None:
            place = origin.place(piece.facts.problem.at)
            yield Problem(place, "HUL001", "error", piece.facts.problem.message)
        for statement, when in walk_block(piece.facts.statements, "always"):
            if isinstance(statement, ImportFrom) and when == "always":
                yield from _import_problems(project, file, origin, statement)


def _import_problems(project: Project, file: str, origin: Origin, statement: ImportFrom) -> Iterator[Problem]:
    """Names that the project itself should have; what lies outside it cannot be judged from here."""
    importer = project.modules.module_of.get(file, "")
    is_package = project.modules.is_package(importer)
    source = absolute_module(importer, statement.level, statement.module, is_package=is_package)
    if source is None:
        message = f"the dots of `from {'.' * statement.level}{statement.module}` lead out of the package"
        yield Problem(origin.place(statement.at), _NOT_THERE, "warning", message)
        return
    top = source.partition(".")[0]
    if top not in project.modules.file_of and top not in project.modules.packages:
        yield from _known_otherwise(project.modules, origin, statement, source)
        return
    if source in project.modules.compiled:
        return
    if not isinstance(project.symbols.module_symbol(source), ModuleSymbol):
        yield Problem(origin.place(statement.at), _NOT_THERE, "warning", f"there is no module {source}")
        return
    for imported in statement.names:
        symbol = project.symbols.resolve(source, imported.name)
        if isinstance(symbol, UnresolvedSymbol) and _is_absent(project, source, imported.name):
            yield Problem(origin.place(imported.at), _NOT_THERE, "warning", symbol.reason)


def _known_otherwise(modules: ModuleTable, origin: Origin, statement: ImportFrom, source: str) -> Iterator[Problem]:
    """A class has one name in its runs, so a file is one module, whatever Python would make of it."""
    for name in (source, *(f"{source}.{imported.name}" for imported in statement.names)):
        file = modules.file_by_path(name)
        if file is not None:
            message = (
                f"{name} is {file}, which is taken for the module {modules.module_of[file]}; say from where imports "
                f'begin if that is wrong: [tool.huldra] src = ["."]'
            )
            yield Problem(origin.place(statement.at), _NOT_THERE, "warning", message)
            return


def _is_absent(project: Project, module: str, name: str) -> bool:
    """Whether a name is certainly not there: no binding, no `__getattr__`, no star import, all of the file parsed."""
    namespace = project.symbols.namespace(module)
    facts = project.facts.get(project.modules.file_of.get(module, ""))
    is_compiled = f"{module}.{name}" in project.modules.compiled
    if is_compiled or namespace is None or facts is None or not facts.is_whole:
        return False
    return not namespace.star_imports and "__getattr__" not in namespace.bindings and name not in namespace.bindings
