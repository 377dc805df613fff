"""Where a mention leads in one state of the code: to definitions of the project, or to something outside it by name."""

import builtins
from typing import Literal as OneOf

from msgspec import Struct

from huldra.facts.expressions import Attribute, Name
from huldra.facts.walk import walk
from huldra.fingerprints.called_members import is_run
from huldra.fingerprints.code import Code, Member
from huldra.fingerprints.holdings import ROOT_LABEL, Holdings
from huldra.fingerprints.mentions import ALL_NAMES, Mention
from huldra.fingerprints.model import LOST
from huldra.fingerprints.module_names import STAR, import_key
from huldra.fingerprints.type_tests import is_tested_by_code, members_tested
from huldra.formats.dialect import public_name, shared_member, shared_name
from huldra.formats.names import short_name
from huldra.project.bindings import ImportedFrom, ImportedModule
from huldra.project.modules import absolute_module
from huldra.project.symbols import (
    ClassSymbol,
    ExternalSymbol,
    FunctionSymbol,
    ModuleSymbol,
    Symbol,
    UnresolvedSymbol,
    ValueSymbol,
)

_MODULE_GETATTR = "__getattr__"
"""The function of a module that is asked for names that the module does not have (PEP 562)."""

_GIVEN = frozenset(
    {
        *("__name__", "__file__", "__doc__", "__spec__", "__package__", "__path__", "__loader__", "__cached__"),
        *("__builtins__", "__module__", "__qualname__"),
    }
)
"""What every module has, or package, or body of a class."""

NUMBERED = "#"
"""How the label of a member begins whose number is a part of its value."""

NodeKind = OneOf[
    "function",
    "value",
    "class",
    "type",
    "method",
    "member",
    "default",
    "decorators",
    "instance",
    "module",
    "write",
    "effect",
    "act",
    "program",
    "description",
]


class Node(Struct, frozen=True):
    """A definition in a context; a module stands for itself where it is a value.

    Attributes:
        name: Of a function or value: its name in `module`; of a class: `module.qualname`; of a member: its name; of a
            write: the full name of what statements of `module` set; of an effect: the package that they act on;
            of an act: the full name of what they change;
            of a program: the module that is run. A description has those of the function, the method or the class,
            and the attribute for its label.
        owner: The class whose body has a member.
        instance: The class of the instance that a member works on.
        label: Which config that instance is.
    """

    kind: NodeKind
    name: str
    module: str = ""
    owner: str = ""
    instance: str = ""
    label: str = ""


class Context(Struct, frozen=True):
    """Where a mention stands: the module, the class whose body it is in, and the instance that `self` is."""

    module: str
    owner: str = ""
    instance: str = ""
    label: str = ""


class Target(Struct, frozen=True):
    """What a mention leads to, what is read of it, and which of several targets this is."""

    node: Node | str
    rest: tuple[str, ...] = ()
    label: str = ""


class Resolution(Struct, frozen=True):
    """The targets of a mention; `attributes` are those read of values whose class is not known."""

    targets: tuple[Target, ...]
    attributes: tuple[str, ...] = ()
    doubt: str | None = None
    damaged: str | None = None
    """The file in which a name may stand that was not found, for a part of that file cannot be parsed."""


class Resolver:
    """Follows mentions in one state of the code, for one config."""

    def __init__(self, code: Code, holdings: Holdings) -> None:
        self._code = code
        self._holdings = holdings

    def resolve(self, mention: Mention, context: Context) -> Resolution:
        """Return where a mention leads."""
        match mention.kind:
            case "name" if mention.path == (ALL_NAMES,):
                return Resolution((Target(Node("module", context.module, label=ALL_NAMES)),))
            case "name":
                return self._named(context.module, mention.path, mention)
            case "import":
                return self._imported(mention, context)
            case "self" | "super" if not mention.path:
                return Resolution((Target(mention.kind),))
            case "self":
                name = mangled(mention.path[0], context.owner)
                member = self._code.member(context.instance, name)
            case "super":
                name = mangled(mention.path[0], context.owner)
                member = self._code.member(context.instance, name, after=context.owner)
        return self._member(member, mention.path[1:], context)

    def _named(self, module: str, path: tuple[str, ...], mention: Mention) -> Resolution:
        symbol = self._code.read_symbols.resolve(module, path[0])
        if not isinstance(symbol, UnresolvedSymbol):
            return self._with_others(module, path, mention, self._walk(symbol, path[1:], mention))
        if self._code.module_statements(module, path[0]):
            return Resolution((Target(Node("value", path[0], module), path[1:]),), path[1:])
        if hasattr(builtins, path[0]):
            return Resolution((Target(".".join(("builtins", *path))),))
        return self._lost(symbol, module, path[0], path[1:])

    def _lost(self, symbol: UnresolvedSymbol, module: str, name: str, rest: tuple[str, ...]) -> Resolution:
        if name in _GIVEN:
            return Resolution((Target(f"module.{name}", rest),))
        where = symbol.module or module
        damaged = self._code.modules.file_of.get(where) if where and self._code.is_damaged(where) else None
        broken = f", and a part of {damaged} cannot be parsed" if damaged else ""
        doubt = f"{name} cannot be found: {symbol.reason}{broken}"
        return Resolution((Target(f"{LOST}{name}", rest),), rest, doubt, damaged)

    def _imported(self, mention: Mention, context: Context) -> Resolution:
        symbols = self._code.read_symbols
        rest = mention.path[1:]
        match mention.imported:
            case ImportedModule(bound=bound):
                return self._walk(symbols.module_symbol(bound), rest, mention)
            case ImportedFrom(level=level, module=target, name=name):
                is_package = self._code.modules.is_package(context.module)
                source = absolute_module(context.module, level, target, is_package=is_package)
                if source is None:
                    return self._walk(UnresolvedSymbol("its dots lead out of the package"), rest, mention)
                if isinstance(symbols.module_symbol(source), ModuleSymbol):
                    found = self._walk(symbols.resolve(source, name), rest, mention)
                    return self._with_others(source, (name, *rest), mention, found)
                return self._walk(ExternalSymbol(public_name(f"{source}.{name}")), rest, mention)
            case None:
                return self._walk(UnresolvedSymbol("no import"), rest, mention)

    def _with_others(self, module: str, path: tuple[str, ...], mention: Mention, found: Resolution) -> Resolution:
        """Add what else a name of a module may be, and what decides that."""
        others = self._code.alternatives(module, path[0])
        if not others.places:
            return found
        known = {target.node for target in found.targets}
        targets = list(found.targets)
        attributes = list(found.attributes)
        for number, symbol in enumerate(others.symbols):
            resolution = self._walk(symbol, path[1:], mention)
            new = [target for target in resolution.targets if target.node not in known]
            own = [target for target in new if isinstance(target.node, Node)]
            targets += (Target(target.node, target.rest, f"or {number} {target.label}") for target in own)
            attributes += resolution.attributes
        for number, (place, name) in enumerate(others.places):
            for decided in (name, import_key(name), import_key(STAR)):
                node = Node("value", decided, place)
                if self._code.module_statements(place, decided) and Node("function", decided, place) not in known:
                    targets.append(Target(node, label=f"chosen {number} {decided.removesuffix(name)}"))
        return Resolution(tuple(targets), tuple(dict.fromkeys(attributes)), found.doubt, found.damaged)

    def _walk(self, symbol: Symbol, rest: tuple[str, ...], mention: Mention) -> Resolution:
        match symbol:
            case ModuleSymbol(name=module) if rest:
                return self._named_in(module, rest, mention)
            case ModuleSymbol(name=module):
                return Resolution((Target(Node("module", module, label=ALL_NAMES if mention.use == "names" else "")),))
            case FunctionSymbol(name=name):
                module, _, function = name.rpartition(".")
                return Resolution((Target(Node("function", function, module), rest),), rest)
            case ClassSymbol(name=name):
                return self._class(name, rest, mention)
            case ValueSymbol(module=module, name=name):
                return Resolution((Target(Node("value", name, module), rest),), rest)
            case ExternalSymbol(name=name):
                return Resolution((Target(shared_name(".".join((name, *rest)))),))
            case UnresolvedSymbol():
                return self._lost(symbol, "", mention.path[0], rest)

    def named_in_module(self, module: str, name: str) -> Node | None:
        """Return what a name of a module leads to inside the project."""
        mention = Mention("name", (name,), "value", (0, 0, 0, 0))
        targets = self._named_in(module, (name,), mention).targets
        return next((target.node for target in targets if isinstance(target.node, Node)), None)

    def _named_in(self, module: str, path: tuple[str, ...], mention: Mention) -> Resolution:
        """An attribute of a module; unlike a plain name it is no builtin."""
        if path[0] == "__dict__":
            return Resolution((Target(Node("module", module, label=ALL_NAMES)),))
        symbol = self._code.read_symbols.resolve(module, path[0])
        if isinstance(symbol, UnresolvedSymbol):
            for name in (path[0], _MODULE_GETATTR):
                if self._code.module_statements(module, name):
                    kind: NodeKind = "value" if name == path[0] else "function"
                    return Resolution((Target(Node(kind, name, module), path[1:]),), path[1:])
            return self._lost(symbol, module, path[0], path[1:])
        return self._with_others(module, path, mention, self._walk(symbol, path[1:], mention))

    def run_by_name(self, node: Node, name: str) -> tuple[Node, ...]:
        """Return what runs where a member is asked for of an instance. What the body of a class holds is in its form;
        of a config only what is read is.
        """
        member = self._code.member(node.instance, name)
        if member.kind != "method" and not (node.label and is_run(self._code, node.instance, member)):
            return ()
        context = Context(self._code.module_of(node.instance) or "", "", node.instance, node.label)
        return tuple(t.node for t in self._member(member, (), context).targets if isinstance(t.node, Node))

    def _class(self, name: str, rest: tuple[str, ...], mention: Mention) -> Resolution:
        while rest and self._code.member(name, rest[0]).kind == "class":
            name, rest = f"{name}.{rest[0]}", rest[1:]
        if mention.use != "type" or rest or is_tested_by_code(self._code, name):
            return Resolution((Target(Node("class", name), rest),), rest)
        return Resolution((Target(Node("type", name)),), tuple(sorted(members_tested(self._code, name))))

    def _member(self, member: Member, rest: tuple[str, ...], context: Context, label: str = "") -> Resolution:
        match member.kind:
            case "method" | "value" | "private-field":
                kinds: dict[str, NodeKind] = {"method": "method", "value": "member", "private-field": "default"}
                node = Node(kinds[member.kind], member.name, "", member.owner, context.instance, context.label)
                return Resolution((Target(node, rest, label),), rest)
            case "imported":
                path = (member.name, *rest)
                mention = Mention("import", path, "value", (0, 0, 0, 0), member.imported)
                return self._imported(mention, Context(self._code.module_of(member.owner) or context.module))
            case "field":
                return self._field(member.name, rest, context)
            case "class":
                return Resolution((Target(Node("class", f"{member.owner}.{member.name}"), rest, label),), rest)
            case "library":
                return self._library(member.name, rest, context)
            case "outside" | "absent":
                return Resolution((Target(f"attribute {member.name}", rest),), rest)

    def _library(self, name: str, rest: tuple[str, ...], context: Context) -> Resolution:
        """What the library gives; a config that loads itself for another one (`self.data.rows`) runs its `_load`."""
        dialect = self._code.dialect(context.instance)
        if dialect is None:
            return Resolution((Target(f"library {name}", rest),), rest)
        found = Target(f"library {shared_member(dialect, name)}", rest)
        if name not in dialect.load_methods or context.label == ROOT_LABEL:
            return Resolution((found,), rest)
        loading = self._code.member(context.instance, dialect.restore_method)
        is_own = loading.kind in {"method", "value", "imported"}
        loaded = self._member(loading, rest, context, label=name) if is_own else Resolution(())
        return Resolution((found, *loaded.targets), (*rest, *loaded.attributes))

    def _field(self, name: str, rest: tuple[str, ...], context: Context) -> Resolution:
        """A field's value; what is read of a config in it leads to that config's class."""
        found = [Target(f"field {name}", rest)]
        attributes: tuple[str, ...] = rest
        for label, class_name in self._holdings.in_field(context.label, name) if rest else ():
            inner = Context(context.module, "", class_name, label)
            resolution = self._held(class_name, rest, inner)
            nodes = [target for target in resolution.targets if isinstance(target.node, Node)]
            if nodes:
                found.extend(Target(target.node, target.rest, f"{label}.{target.label}") for target in nodes)
                attributes = resolution.attributes
            elif self._is_load(class_name, rest[0]):
                attributes = ()  # it is known what is loaded, though nothing here says how: no other `_load` is meant
        kinds = self._kinds(context.instance, name)
        found.extend(Target(Node("class", each), label=f"kind {short_name(each)}") for each in kinds)
        return Resolution(tuple(found), attributes)

    def _kinds(self, class_name: str, field: str) -> tuple[str, ...]:
        """Return the classes of the project that a field is annotated with and that are no configs: enums, models."""
        tables = self._code.tables(class_name)
        found = None if tables is None else tables.table(class_name).get(field)
        module = None if found is None else self._code.module_of(found.owner)
        if found is None or found.annotation is None or module is None:
            return ()
        names = (part for part in walk(found.annotation) if isinstance(part, Name | Attribute))
        symbols = (self._code.symbols.resolve_expression(module, part) for part in names)
        kinds = dict.fromkeys(symbol.name for symbol in symbols if isinstance(symbol, ClassSymbol))
        return tuple(name for name in kinds if self._code.class_info(name) is not None and not self._is_config(name))

    def _is_config(self, class_name: str) -> bool:
        tables = self._code.tables(class_name)
        return tables is not None and tables.is_config_class(class_name)

    def _is_load(self, class_name: str, name: str) -> bool:
        dialect = self._code.dialect(class_name)
        return dialect is not None and name in dialect.load_methods

    def _held(self, class_name: str, rest: tuple[str, ...], context: Context) -> Resolution:
        dialect = self._code.dialect(class_name)
        is_load = self._is_load(class_name, rest[0])
        name = dialect.restore_method if dialect is not None and is_load else rest[0]
        return self._member(self._code.member(class_name, name), rest[1:], context, label=name)


def mangled(name: str, owner: str) -> str:
    """Return a name as Python mangles it in the body of a class."""
    bare = owner.rpartition(".")[2].lstrip("_")
    return f"_{bare}{name}" if bare and name.startswith("__") and not name.endswith("__") else name
