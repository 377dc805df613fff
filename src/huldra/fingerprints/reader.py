"""Reads facts into the tokens of a form and the mentions beside them. Resolves no name.

Local names are numbered in the order in which they first appear, so that renaming one changes nothing.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

from huldra.facts import expressions as e
from huldra.facts import statements as s
from huldra.facts.bound_by import bound_by
from huldra.facts.walk import walk
from huldra.fingerprints import equivalents
from huldra.fingerprints.by_text import attribute_asked, attributes_asked, entry_asked, names_unknown_module
from huldra.fingerprints.call_forms import in_one_way
from huldra.fingerprints.literals import literal_form, string_tokens
from huldra.fingerprints.mentions import ALL_NAMES, USES, Dynamic, Mention, MentionKind, QuietCalls, Quietness, Use
from huldra.fingerprints.model import computed
from huldra.fingerprints.scope_stack import DYNAMIC, ScopeStack, chain_of
from huldra.fingerprints.scopes import Imported, Scope, class_scope, comprehension_scope, function_scope
from huldra.project.bindings import ImportedFrom, ImportedModule, bound_names, is_type_checking

_LEFT_OUT = frozenset({"at", "name_at", "type_parameters", "annotation_text", "returns"})


class FormReader:
    """Collects tokens and mentions.

    Args:
        quiet: Says of a called name whether its arguments count.
        class_names, owner: The names of the class body around the definition and its own, as `ScopeStack` takes them.
    """

    def __init__(self, quiet: QuietCalls, class_names: frozenset[str] = frozenset(), owner: str = "") -> None:
        self.tokens: list[str] = []
        self.mentions: list[Mention] = []
        self.attributes: set[str] = set()
        self.keywords: set[str] = set()
        self.dynamic: list[Dynamic] = []
        self.quiet = quiet
        self._scopes = ScopeStack(class_names, owner)
        self._use: Use = "value"
        self._is_tried = False

    def read(self, value: object) -> None:
        """Take a part of the facts in."""
        if isinstance(value, e.Node):
            rule = _RULES.get(type(value))
            if rule is None:
                self._fields(value)
            else:
                rule(self, value)
        elif equivalents.is_tuple(value):
            self.tokens.append("(")
            for item in value:
                self.read(item)
            self.tokens.append(")")
        else:
            self.tokens.append("~" if value is None else repr(value))

    def method(self, definition: s.FunctionDefinition) -> None:
        """Take in a function of a class's body: its first parameter is what it works on."""
        self._function(definition, equivalents.receiver_of(definition))

    def function(self, definition: s.FunctionDefinition) -> None:
        """Take in a function; its name does not count."""
        self._function(definition, None)

    def class_body(self, definition: s.ClassDefinition, *, left_out: type[s.Statement], keeps: bool) -> None:
        """Take in what stands in a class's body itself, statements of one kind left out; `keeps`: annotations too."""
        for statement in (each for each in definition.body if not isinstance(each, left_out | s.ClassDefinition)):
            if keeps or not isinstance(statement, s.AnnotatedAssign) or statement.value is not None:
                # Which name a value has counts: what reads it may be anywhere.
                self.tokens.extend(f"named {name}" for node in walk(statement) for name in bound_by(node))
            if keeps and isinstance(statement, s.AnnotatedAssign) and isinstance(statement.target, e.Name):
                self.read((statement.annotation, equivalents.plain_default(statement.value)))
            else:
                self.read(statement)

    # Names.

    def store(self, name: str) -> None:
        """Take in a name at the place where it is bound, or where a bound name is read."""
        scope = self._scopes.look_up(name)
        if self._scopes.is_attribute(name):
            self.tokens.append(f"attribute {name}")
        elif scope is None or name in scope.imports:
            self._mention("name", (name,), (0, 0, 0, 0))
        else:
            self.tokens.append(f"local {self._scopes.number(scope, name)}")

    def _mention(self, kind: MentionKind, path: tuple[str, ...], at: e.Span, imported: Imported | None = None) -> None:
        self.tokens.append("@")
        self.mentions.append(Mention(kind, path, self._use, at, imported))

    def _name(self, node: e.Name) -> None:
        head = self._scopes.head(node)
        if head is None:
            self.store(node.id)
        else:
            self._mention(head[0], head[1], node.at, head[2])

    def _attribute(self, node: e.Attribute) -> None:
        value, names = chain_of(node)
        head = self._scopes.head(value)
        if head is None:
            self.read(value)
            self.tokens.extend(f".{name}" for name in names)
            self.attributes.update(names)
            return
        if head[0] == "self":
            names = [name for name in names if name != "__class__"]
        self._mention(head[0], (*head[1], *names), node.at, head[2])

    def _literal(self, node: e.Literal) -> None:
        self.tokens.append(literal_form(node.source))

    def _string(self, node: e.Concatenation | e.FormattedString) -> None:
        for part in string_tokens(node):
            if isinstance(part, e.Interpolation):
                self.read(part)
            else:
                self.tokens.append(part)

    # Calls.

    def quietness(self, node: e.Expression) -> Quietness:
        """Return whether the arguments of a call count."""
        mention = self._called(node.function) if isinstance(node, e.Call) and equivalents.is_told(node) else None
        return "" if mention is None else self.quiet(mention)

    def _called(self, value: e.Expression) -> Mention | None:
        value, names = chain_of(value)
        head = self._scopes.head(value)
        path = (*(() if head is None else head[1]), *names)
        is_named = head is not None and (path or head[0] != "name")
        return Mention(head[0], path, "value", value.at, head[2]) if head is not None and is_named else None

    def _call(self, node: e.Call) -> None:
        node = equivalents.plain_call(node)
        quietness = self.quietness(node)
        plain = in_one_way(node, quietness, self._called(node.function), self.quiet)
        if plain is not node:
            self.read(plain)
            return
        if self._headed(node):
            return
        self.tokens.append("Call")
        self.read(node.function)
        name = (e.dotted_name(node.function) or "").rpartition(".")[2]
        if quietness == "arguments":
            self._follow_calls(node.arguments)
            return
        self.attributes |= (asked := attributes_asked(node, self._scopes.value_of))
        if (read := attribute_asked(node)) is not None and self._called(read) is not None:
            self._attribute(read)  # it may be of a module that does not have it
        if computed(asked):
            self.dynamic.append(Dynamic("an attribute is read by a name that only a run can tell", node.at))
        if name == "import_module" or (self._scopes.builtin(node.function) in DYNAMIC and quietness != "followed"):
            self.dynamic.append(Dynamic(f"{name}() reads what only a run can tell", node.at))
        self.tokens += self._scopes.names_told(node)
        if name == "globals":
            self._mention("name", (ALL_NAMES,), node.at)
        for index, argument in enumerate(node.arguments):
            with self._used_as(USES.get((name, index), self._use)):
                self.read(argument)
        self.tokens.append("end")

    def _headed(self, node: e.Call | e.Subscript) -> bool:
        """Take in what stands for a module, for the instance or for a class by itself."""
        head = self._scopes.head(node)
        if head is not None:
            self._mention(head[0], head[1] or ((ALL_NAMES,) if head[0] == "name" else ()), node.at, head[2])
        if names_unknown_module(node):
            self.dynamic.append(Dynamic("sys.modules is read by a name that only a run can tell", node.at))
        return head is not None

    def _follow_calls(self, arguments: tuple[e.Argument, ...]) -> None:
        """What is said does not count, but functions of the project that are called to say it run all the same."""
        for node in (inner for argument in arguments for inner in walk(argument)):
            mention = self._called(node.function) if isinstance(node, e.Call) else None
            if mention is not None and self.quiet(mention) == "followed":
                self.mentions.append(mention)
            elif isinstance(node, e.Call) and isinstance(node.function, e.Attribute) and mention is None:
                self.attributes.add(node.function.name)

    def _subscript(self, node: e.Subscript) -> None:
        asked = entry_asked(node)
        if self._headed(node):
            return
        if isinstance(asked, str):
            self._mention("name", (asked,), node.at)
        elif asked is not None:
            self._attribute(asked)
        else:
            self._fields(node)

    def _argument(self, node: e.Argument) -> None:
        if node.name is not None or node.star == "**":
            self.keywords.add(node.name or node.star)
        self._fields(node)

    def _unary(self, node: e.Unary) -> None:
        self._fields(equivalents.plain_comparison(node) or node)

    # Scopes.

    @contextmanager
    def _used_as(self, use: Use) -> Generator[None]:
        before, self._use = self._use, use
        try:
            yield
        finally:
            self._use = before

    def _function(self, definition: s.FunctionDefinition, receiver: str | None) -> None:
        keeps = any(self._reads_annotations(decorator) for decorator in definition.decorators)
        self.tokens.append("async function" if definition.is_async else "function")
        self.tokens.append("(")
        for decorator in equivalents.acting_decorators(definition):
            self._decorator(decorator)
        self.tokens.append(")")
        scope = function_scope((p.name for p in definition.parameters), definition.body)
        if receiver is not None and receiver not in function_scope((), definition.body).names:
            self._scopes.receiver = (scope, receiver)
        self._parameters(definition.parameters, keeps=keeps)
        with self._scopes.inside(scope):
            self.tokens.extend(f"local {self._scopes.number(scope, p.name)}" for p in definition.parameters)
            self.read(definition.body)

    def _decorator(self, decorator: e.Expression) -> None:
        memo = equivalents.plain_memo(decorator)
        called = None if memo is None else self._called(memo.function)
        if memo is None or called is None or not self.quiet.is_memo(called):
            self.read(decorator)
        else:
            self._mention("import", (memo.name,), memo.at, ImportedFrom(0, "functools", memo.name))

    def _reads_annotations(self, decorator: e.Expression) -> bool:
        called = self._called(decorator.function if isinstance(decorator, e.Call) else decorator)
        return equivalents.reads_annotations(decorator) and not (called and self.quiet.leaves_annotations(called))

    def _parameters(self, parameters: tuple[e.Parameter, ...], *, keeps: bool) -> None:
        for parameter in parameters:
            self.tokens.append(parameter.kind)
            self.read(parameter.default)
            if keeps:
                self.read(parameter.annotation)

    def _nested_function(self, node: s.FunctionDefinition) -> None:
        self.store(node.name)
        self._function(node, None)

    def _nested_class(self, node: s.ClassDefinition) -> None:
        self.store(node.name)
        self.tokens.append("class")
        self.read(node.decorators)
        self.read(node.arguments)
        with self._scopes.inside(class_scope(node.body)):
            for statement in node.body:
                if isinstance(statement, s.AnnotatedAssign):
                    self._fields(statement)
                else:
                    self.read(statement)

    def _lambda(self, node: e.Lambda) -> None:
        self.tokens.append("lambda")
        self._parameters(node.parameters, keeps=False)
        scope = Scope(frozenset(p.name for p in node.parameters))
        with self._scopes.inside(scope):
            self.tokens.extend(f"local {self._scopes.number(scope, p.name)}" for p in node.parameters)
            self.read(node.body)

    def _comprehension(self, node: e.Comprehension) -> None:
        self.tokens.append(node.kind)
        self.read(node.clauses[0].iterable)
        scope = comprehension_scope(node.clauses)
        with self._scopes.inside(scope):
            for index, clause in enumerate(node.clauses):
                self.tokens.append("async for" if clause.is_async else "for")
                self.read(clause.target)
                if index:
                    self.read(clause.iterable)
                self.read(clause.conditions)
            self.read(node.element)
            self.read(node.value)

    # Statements and patterns that bind names, and those that mean nothing.

    def _expression_statement(self, node: s.ExpressionStatement) -> None:
        is_inert = isinstance(node.value, e.Literal | e.Concatenation | e.Constant)
        if isinstance(node.value, e.Call) and self.quietness(node.value) == "arguments":
            self._follow_calls(node.value.arguments)
        elif not is_inert:
            self._fields(node)

    def _annotated(self, node: s.AnnotatedAssign) -> None:
        if node.value is not None:
            self.tokens.append("Assign")
            self.read((node.target,))
            self.read(node.value)

    def _if(self, node: s.If) -> None:
        if is_type_checking(node.test):
            for statement in node.orelse:
                self.read(statement)
        else:
            self._fields(node)

    def _return(self, node: s.Return) -> None:
        self.tokens.append("Return")
        self.read(node.value if node.value is not None else e.Constant("None", node.at))

    def _import(self, node: s.Import | s.ImportFrom) -> None:
        """Imports are nothing by themselves: what is read through them is. A name that is also assigned is a value."""
        if self._is_tried:
            self.tokens.extend(("import", *(imported.name for imported in node.names)))
        for name, target in bound_names(node):
            scope = self._scopes.look_up(name)
            if scope is not None and name in scope.names and isinstance(target, ImportedModule | ImportedFrom):
                self.tokens.append("import")
                self.store(name)
                self._mention("import", (name,), node.at, target)

    def _try(self, node: s.Try) -> None:
        """An import that is tried is something by itself: what handles its failure depends on it."""
        before, self._is_tried = self._is_tried, bool(node.handlers)
        self.tokens.append("Try")
        self.read(node.body)
        self._is_tried = before
        self.read((node.handlers, node.orelse, node.final, node.is_group))

    def _handler(self, node: s.Handler) -> None:
        self.tokens.append("except")
        self.read(node.caught)
        if node.name is not None:
            self.store(node.name)
        self.read(node.body)

    def _capture(self, node: s.AsPattern | s.StarPattern | s.MappingPattern) -> None:
        self.tokens.append(type(node).__name__)
        match node:
            case s.AsPattern(pattern=pattern, name=name):
                self.read(pattern)
            case s.MappingPattern(entries=entries, rest=name):
                self.read(entries)
            case s.StarPattern(name=name):
                pass
        if name is not None:
            self.store(name)

    def _walrus(self, node: e.Walrus) -> None:
        self.tokens.append("walrus")
        self.store(node.target)
        self.read(node.value)

    def _nothing(self, node: e.Node) -> None:
        """What has no meaning of its own."""

    def _fields(self, node: e.Node) -> None:
        self.tokens.append(type(node).__name__)
        for field in node.__struct_fields__:
            if field not in _LEFT_OUT:
                self.read(getattr(node, field))


def _rule(cls: type[FormReader], name: str) -> Callable[[FormReader, e.Node], None]:
    rule: Callable[[FormReader, e.Node], None] = getattr(cls, name)
    return rule


_RULES: Mapping[type, Callable[[FormReader, e.Node], None]] = {
    node: _rule(FormReader, name)
    for name, nodes in {
        "_name": (e.Name,),
        "_attribute": (e.Attribute,),
        "_literal": (e.Literal,),
        "_string": (e.Concatenation, e.FormattedString),
        "_call": (e.Call,),
        "_unary": (e.Unary,),
        "_argument": (e.Argument,),
        "_subscript": (e.Subscript,),
        "_lambda": (e.Lambda,),
        "_comprehension": (e.Comprehension,),
        "_walrus": (e.Walrus,),
        "_nested_function": (s.FunctionDefinition,),
        "_nested_class": (s.ClassDefinition,),
        "_expression_statement": (s.ExpressionStatement,),
        "_annotated": (s.AnnotatedAssign,),
        "_if": (s.If,),
        "_return": (s.Return,),
        "_import": (s.Import, s.ImportFrom),
        "_try": (s.Try,),
        "_handler": (s.Handler,),
        "_capture": (s.AsPattern, s.StarPattern, s.MappingPattern),
        "_nothing": (s.Pass, s.ScopeDeclaration),
    }.items()
    for node in nodes
}
"""How a kind of node is read; all others are their fields in order."""
