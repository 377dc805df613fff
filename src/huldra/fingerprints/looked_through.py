"""What of a module or a class is found by code that looks through all of it. Which code that is, `looks` says."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from huldra.facts.expressions import Attribute, Name
from huldra.facts.statements import FunctionDefinition
from huldra.fingerprints.code import Code
from huldra.fingerprints.forms import Form
from huldra.fingerprints.looks import Look, Test
from huldra.fingerprints.mentions import ALL_NAMES, Mention
from huldra.fingerprints.model import ALL_OF, ANY_OF, names_read
from huldra.fingerprints.programs import runs_code
from huldra.fingerprints.resolve import Context, Node, Resolver
from huldra.project.symbols import ClassSymbol, ExternalSymbol

Seen = tuple[Look, str]
"""A look, and the module in which it stands."""

_WALKERS = frozenset({"pkgutil.iter_modules", "pkgutil.walk_packages"})
_OF_PACKAGE = frozenset({"__path__", "__name__", "__file__", "__package__"})
"""The attributes of a package that are given to what goes through its modules."""
_OF_DIRECTORY = frozenset({"__path__", "__file__"})
"""The attributes by which code that imports by computed names finds the files of a package."""


class LookedThrough:
    """Keeps what has been seen to be looked through.

    Args:
        code: The state of the code.
        resolver: Says where mentions lead.
    """

    def __init__(self, code: Code, resolver: Resolver) -> None:
        self._code = code
        self._resolver = resolver
        self._looks: dict[Node, dict[Seen, None]] = {}
        self._of_anything: dict[Seen, None] = {}
        self._packages: dict[str, None] = {}
        self._values: dict[str, None] = {}
        """The packages that travel as values."""
        self._is_walked = False

    def take_in(self, looks: Sequence[Look], mentions: Sequence[Mention], context: Context) -> None:
        """Take in where one definition looks through something."""
        mentioned: Mapping[object, Mention] = {mention.at: mention for mention in mentions}
        for look in looks:
            seen = (look, context.module)
            mention = mentioned.get(look.at)
            targets = () if mention is None else self._resolver.resolve(mention, context).targets
            nodes = [target.node for target in targets if isinstance(target.node, Node)]
            known = [node for node in nodes if node.kind in {"module", "class"}]
            for node in known:
                self._looks.setdefault(node, {})[seen] = None
            if mention is not None and mention.kind == "self" and look.finds_methods:
                own = Node("class", context.instance)
                self._looks.setdefault(own, {})[seen] = None
            elif not known and (nodes or mention is None) and not look.is_by_key:
                self._of_anything[seen] = None

    def take_in_walk(self, form: Form, names: AbstractSet[str], context: Context) -> None:
        """Take in what goes through the modules of a package.

        Args:
            form: What a definition says.
            names: What it reads outside the project.
            context: Where it stands.
        """
        said = _OF_PACKAGE if not _WALKERS.isdisjoint(names) else _OF_DIRECTORY
        if said is _OF_DIRECTORY and not any(runs_code(dynamic.message) for dynamic in form.dynamic):
            return
        mentions = [mention for mention in form.mentions if mention.path[-1:] and mention.path[-1] in said]
        for mention in mentions:
            self._package(mention, context)
        self._is_walked |= said is _OF_PACKAGE and not mentions

    def _package(self, mention: Mention, context: Context) -> None:
        if len(mention.path) == 1 and mention.kind == "name":
            self._gone_through(context.module)
            return
        holder = Mention(mention.kind, mention.path[:-1], "value", mention.at, mention.imported)
        for target in self._resolver.resolve(holder, context).targets if holder.path else ():
            if isinstance(target.node, Node) and target.node.kind == "module" and not target.rest:
                self._gone_through(target.node.name)

    def _gone_through(self, module: str) -> None:
        self._packages[module if self._code.modules.is_package(module) else module.rpartition(".")[0]] = None

    def take_in_value(self, module: str) -> None:
        """Take in that a module travels as a value; whatever goes through modules may be given it."""
        if self._code.modules.is_package(module):
            self._values[module] = None

    def modules_gone_through(self) -> Iterator[tuple[str, str]]:
        """Yield the packages of which all modules are gone through, each with the name of one of those."""
        for package in dict.fromkeys((*self._packages, *(self._values if self._is_walked else ()))):
            for module in sorted(self._code.modules.file_of):
                if module.startswith(f"{package}.") if package else "." not in module:
                    yield package, module

    def named(self, node: Node, attributes: frozenset[str]) -> Iterator[tuple[str, str]]:
        """Yield the names of a module that may be read of it, behind what a reference to each begins with."""
        names = self._code.names_of(node.name)
        looks = self._looks.get(node, self._of_anything)
        if node.label != ALL_NAMES:
            yield from (("", name) for name in sorted(names_read(names, attributes)))
        elif node not in self._looks or any(look.is_by_key for look, _ in looks):
            yield from ((ANY_OF, name) for name in sorted(names))
        for name in sorted(names) if looks else ():
            found = self._resolver.named_in_module(node.name, name)
            if found is not None and any(self._finds(each, name, found) for each in looks):
                yield ALL_OF, name

    def members(self, class_name: str) -> Iterator[tuple[str, str]]:
        """Yield the names of the methods of a class that are found by looking through it, as `named` does."""
        looks = [look for look, _ in self._looks.get(Node("class", class_name), {})]
        for name in sorted(self._code.method_names(class_name)):
            if any(not look.is_by_key and _may_be_method(look.tests, name) for look in looks):
                yield "", name
            elif any(look.is_by_key for look in looks):
                yield ANY_OF, name

    def classes(self) -> tuple[str, ...]:
        """Return the classes that are looked through."""
        return tuple(node.name for node in self._looks if node.kind == "class")

    def _finds(self, seen: Seen, name: str, node: Node) -> bool:
        look, module = seen
        return not look.is_by_key and all(
            _name_passes(test, name) and self._passes(test, node, module) for test in look.tests
        )

    def _passes(self, test: Test, node: Node, module: str) -> bool:
        """Whether a value of the project may pass a test; what is no plain function, class or module may pass all."""
        match test.kind:
            case "class":
                return node.kind in {"class", "value"} or self._is_decorated(node)
            case "function":
                return node.kind in {"function", "value"}
            case "callable":
                return node.kind != "module"
            case "of" if node.kind == "class":
                return any(self._may_derive(node.name, module, base) for base in test.classes)
            case "of":
                return node.kind == "value" or self._is_decorated(node)
            case _:
                return True

    def _is_decorated(self, node: Node) -> bool:
        placed = self._code.module_statements(node.module, node.name) if node.kind == "function" else ()
        return any(isinstance(s, FunctionDefinition) and s.decorators for s, _ in placed)

    def _may_derive(self, class_name: str, module: str, base: Name | Attribute) -> bool:
        info = self._code.class_info(class_name)
        if info is None or info.order_error is not None:
            return True
        match self._code.symbols.resolve_expression(module, base):
            case ClassSymbol(name=name):
                return name in info.order
            case ExternalSymbol(name=name):
                return name in info.order or bool(info.unseen) or name == "builtins.object"
            case _:
                return True


def _name_passes(test: Test, name: str) -> bool:
    match test.kind:
        case "begins":
            return name.startswith(test.text)
        case "begins not":
            return not name.startswith(test.text)
        case "ends":
            return name.endswith(test.text)
        case "upper":
            return name.isupper()
        case _:
            return True


def _may_be_method(tests: tuple[Test, ...], name: str) -> bool:
    return all(_name_passes(test, name) and test.kind not in {"class", "of"} for test in tests)
