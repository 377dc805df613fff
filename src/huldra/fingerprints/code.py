"""One state of a project's code, as closures look at it: names, classes, members. Reads a file when it must."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal as OneOf

from msgspec import Struct

from huldra.facts.bound_by import bound_by, is_only_annotated
from huldra.facts.expressions import Call, Expression, dotted_name
from huldra.facts.statements import ClassDefinition, FileFacts, FunctionDefinition, Statement
from huldra.facts.walk import walk
from huldra.fingerprints.model import Lines
from huldra.fingerprints.module_names import PlacedStatement, is_import_key, module_names, names_bound
from huldra.fingerprints.scopes import OTHER_SCOPES
from huldra.formats.dialect import Dialect
from huldra.formats.names import short_name
from huldra.project.alternatives import Alternatives, alternatives
from huldra.project.bindings import ImportedFrom, ImportedModule, bound_names, walk_block
from huldra.project.classes import ClassInfo, link_classes
from huldra.project.fields import FieldDeclaration, FieldTables
from huldra.project.lazy_names import lazy_names
from huldra.project.modules import ModuleTable
from huldra.project.symbols import SymbolTable


class Member(Struct, frozen=True):
    """What reading an attribute of an instance finds in the classes of the project.

    Attributes:
        kind: `field` is a value of the config; `outside` is inherited from a class that is not in the project.
        owner: The class whose body has it.
        functions: The definitions of a method or property.
        values: The expressions that a value or a private field's default is made of; of a method those that are put in
            its place (`run = traced(run)`), or that it may be instead.
        imported: What the class's body imports under the name.
    """

    kind: OneOf["method", "value", "imported", "field", "private-field", "class", "library", "outside", "absent"]
    name: str
    owner: str = ""
    functions: tuple[FunctionDefinition, ...] = ()
    values: tuple[Expression | None, ...] = ()
    imported: ImportedModule | ImportedFrom | None = None


class Code:
    """Looks definitions up in one state of the code; what was found is kept.

    Args:
        modules: The modules of that state.
        facts: The facts of its files; may be computed when they are asked for.
        extra_bases: Classes outside the project that count as experiment base classes.
        files_naming: Finds the files whose text contains a word.
        files_writing: Finds the files that may set an attribute of that name of another module or a class.
    """

    def __init__(
        self,
        modules: ModuleTable,
        facts: Mapping[str, FileFacts],
        extra_bases: frozenset[str] = frozenset(),
        files_naming: Callable[[str], Iterable[str]] = lambda _: (),
        files_writing: Callable[[str], Iterable[str]] = lambda _: (),
    ) -> None:
        self.modules = modules
        self.facts = facts
        self.symbols = SymbolTable(modules, facts, self._is_value)
        self.read_symbols = self.symbols.for_readers()
        """The same for what reads a name: `KIND = Kind["tree"]` is a value then, and `Base = Base[int]` a class."""
        self.compiled_top_level = modules.compiled_top_level()
        self.compiled: dict[object, tuple[str, ...]] = {}
        """The compiled modules that mentions lead to, kept for `compiled`."""
        self._extra_bases = extra_bases
        self.files_naming = files_naming
        self.files_writing = files_writing
        self.registrations: dict[tuple[str, str], tuple[object, ...]] = {}
        """What is put into values from afar, kept for `registrations`."""
        self.writes: dict[str, tuple[object, ...]] = {}
        """What each file sets elsewhere, kept for `written`."""
        self.specials: dict[str, frozenset[str]] = {}
        """The special methods and attributes that importing each module sets elsewhere, kept for `written`."""
        self.effects: dict[str, tuple[tuple[PlacedStatement, frozenset[str]], ...]] = {}
        """What importing each module does outside the project, kept for `effects`."""
        self.set_by_name: dict[str, tuple[object, ...]] = {}
        """What importing each module sets by texts, kept for `set_by_name`."""
        self.sketches: dict[str, tuple[object, ...]] = {}
        """What the statements of each file may fill and call, kept for `sketches`."""
        self.summaries: object = None
        """What calling functions changes, kept for `summaries`."""
        self.aliases: dict[tuple[str, str], tuple[frozenset[str], frozenset[Lines]]] = {}
        """What else the values of modules are, and what was asked for that; kept for `changing`."""
        self.acts: dict[str, tuple[object, ...]] = {}
        """What importing each module changes, kept for `acts`."""
        self.acts_together: dict[frozenset[str], object] = {}
        """The same of several modules, for most closures of a state load the same."""
        self.imported: dict[str, tuple[str, ...]] = {}
        """The files that each file imports, kept for `loaded`."""
        self.flows: dict[tuple[str, ...], object] = {}
        """Where values may go in each definition, kept for `given_away`."""
        self.annotations: dict[str, bool] = {}
        """Of which classes the annotations may be looked at, kept for `annotated`."""
        self._alternatives: dict[tuple[str, str], Alternatives] = {}
        self._linked: dict[str, FieldTables] = {}
        self._names: dict[str, Mapping[str, tuple[PlacedStatement, ...]]] = {}

    def module_statements(self, module: str, name: str) -> tuple[PlacedStatement, ...]:
        """Return the top-level statements that make a name of a module what it is."""
        if module not in self._names:
            file = self.modules.file_of.get(module)
            facts = None if file is None else self.facts.get(file)
            self._names[module] = {} if file is None or facts is None else module_names(file, facts)
        return self._names[module].get(name, ())

    def _is_value(self, module: str, name: str) -> bool:
        return any(name in names_bound(statement) for statement, _ in self.module_statements(module, name))

    def alternatives(self, module: str, name: str) -> Alternatives:
        """Return what a name of a module may be, where something decides which of several; kept."""
        if (module, name) not in self._alternatives:
            self._alternatives[module, name] = alternatives(self.read_symbols, module, name)
        return self._alternatives[module, name]

    def names_of(self, module: str) -> frozenset[str]:
        """Return the names of a module, those included that it imports, or may import when it is asked for them."""
        self.module_statements(module, "")
        namespace = self.symbols.namespace(module)
        if namespace is None:
            return self._own_names(module)
        hooks = namespace.bindings.get("__getattr__", ())
        lazy = (name for hook in hooks for name in lazy_names(hook.target, namespace))
        return self._own_names(module) | frozenset(namespace.bindings) | frozenset(lazy)

    def _own_names(self, module: str) -> frozenset[str]:
        return frozenset(name for name in self._names[module] if not is_import_key(name))

    def module_of(self, name: str) -> str | None:
        """Return the module that a dotted name of a definition begins with."""
        parts = name.split(".")
        for count in range(len(parts) - 1, 0, -1):
            module = ".".join(parts[:count])
            if module in self.modules.file_of:
                return module
        return None

    def is_damaged(self, module: str) -> bool:
        """Whether a part of a module could not be parsed."""
        facts = self.facts.get(self.modules.file_of.get(module, ""))
        return facts is None or not facts.is_whole

    def tables(self, class_name: str) -> FieldTables | None:
        """Return the field tables of the file that a class stands in; None when the code has no such class."""
        module = self.module_of(class_name)
        file = None if module is None else self.modules.file_of.get(module)
        tables = None if file is None else self._tables_of(file)
        return tables if tables is not None and class_name in tables.classes else None

    def _tables_of(self, file: str) -> FieldTables | None:
        if file not in self.facts:
            return None
        if file not in self._linked:
            classes = link_classes({file: self.facts[file]}, self.symbols, self._extra_bases)
            self._linked[file] = FieldTables(classes, self.symbols)
        return self._linked[file]

    def classes_of_file(self, file: str) -> tuple[ClassInfo, ...]:
        """Return every class of a file, nested ones included."""
        tables = self._tables_of(file)
        return () if tables is None else tuple(tables.classes.values())

    def class_info(self, class_name: str) -> ClassInfo | None:
        """Return a class of the project, None when the code has no such class."""
        tables = self.tables(class_name)
        return None if tables is None else tables.classes[class_name]

    def dialect(self, class_name: str) -> Dialect | None:
        """Return the dialect of an experiment class; None for any other class."""
        info = self.class_info(class_name)
        return None if info is None else info.dialect

    def class_names(self, class_name: str) -> frozenset[str]:
        """Return the names that a class's body binds."""
        tables = self.tables(class_name)
        if tables is None:
            return frozenset()
        body = tables.classes[class_name].definition.body
        nodes = (node for part in body for node in walk(part, stop_at=OTHER_SCOPES))
        bound = (name for node in nodes if not is_only_annotated(node) for name in bound_by(node))
        return frozenset(tables.body(class_name).members) | frozenset(bound)

    def member(self, class_name: str, name: str, *, after: str | None = None) -> Member:
        """Return what an attribute of an instance of a class is.

        Args:
            class_name: The class of the instance.
            name: The attribute, mangled.
            after: Look only at what comes after this class in the order of ancestors, as `super()` does.
        """
        tables = self.tables(class_name)
        if tables is None:
            return Member("absent", name)
        info = tables.classes[class_name]
        order = info.order[info.order.index(after) + 1 :] if after in info.order else info.order
        field = tables.table(class_name).get(name) if tables.is_config_class(class_name) else None
        if field is not None and after is None:
            return _field(field, name)
        for ancestor in order:
            if ancestor in tables.classes:
                found = _own_member(tables, ancestor, name)
                # A name that is only annotated is none in a class of which no config is made.
                if found is not None and (found.kind != "field" or tables.is_config_class(ancestor)):
                    return found
            elif info.dialect is not None and name in info.dialect.config_names:
                return Member("library", name, ancestor)
        is_open = bool(info.unseen) or info.order_error is not None
        return Member("outside" if is_open else "absent", name)

    def method_names(self, class_name: str) -> frozenset[str]:
        """Return the names of everything that the project's classes define for an instance."""
        info = self.class_info(class_name)
        tables = self.tables(class_name)
        if info is None or tables is None:
            return frozenset()
        return frozenset(
            name for ancestor in info.order if ancestor in tables.classes for name in tables.body(ancestor).members
        )


def _field(field: FieldDeclaration, name: str) -> Member:
    if not field.is_private:
        return Member("field", name, field.owner)
    values = (field.default, field.factory, field.munger, field.converter)
    return Member("private-field", name, field.owner, (), values)


def _own_member(tables: FieldTables, owner: str, name: str) -> Member | None:
    body = tables.body(owner)
    member = body.members.get(name)
    if member is None:
        return Member("field", name, owner) if name in body.annotated else None
    if isinstance(member.value, ClassDefinition):
        return Member("class", name, owner)
    value = None if isinstance(member.value, FunctionDefinition) else member.value
    private = f"_{short_name(owner).lstrip('_')}__"
    bare = f"__{name.removeprefix(private)}" if name.startswith(private) and not name.endswith("__") else name
    bare = member.value.name if isinstance(member.value, FunctionDefinition) else bare
    statements = [
        each for each, when in walk_block(tables.classes[owner].definition.body, "always") if when != "typing"
    ]
    functions = tuple(_functions(statements, bare))
    bound = [target for each in statements for n, target in bound_names(each) if n == bare]
    values = tuple(target for target in bound if isinstance(target, Expression))
    imported = next((each for each in reversed(bound) if isinstance(each, ImportedModule | ImportedFrom)), None)
    if functions:
        return Member("method", name, owner, functions, values)
    if imported is not None and value is None:
        return Member("imported", name, owner, imported=imported)
    return Member("value", name, owner, (), values or (value,))


def _functions(statements: Iterable[Statement], name: str) -> list[FunctionDefinition]:
    """Return the functions of a name, with those that it is told to choose from (`@show.register`)."""
    functions = [found for found in statements if isinstance(found, FunctionDefinition)]
    return [found for found in functions if found.name == name or any(_registers(d, name) for d in found.decorators)]


def _registers(decorator: Expression, name: str) -> bool:
    function = decorator.function if isinstance(decorator, Call) else decorator
    return dotted_name(function) == f"{name}.register"
