"""Which classes the value of an expression can have, as far as annotations, assignments and calls tell it.

Reads code and evaluates nothing: what it cannot tell is `UNTOLD`, never a guess.
"""

from huldra.facts.collect import collect_piece
from huldra.facts.expressions import (
    Attribute,
    Binary,
    Call,
    Comparison,
    Comprehension,
    Concatenation,
    Conditional,
    Constant,
    DictDisplay,
    Expression,
    FormattedString,
    ListDisplay,
    Literal,
    Logical,
    Name,
    SetDisplay,
    Slice,
    Starred,
    Subscript,
    TupleDisplay,
    Unary,
    Walrus,
)
from huldra.facts.statements import ClassDefinition, ExpressionStatement, FunctionDefinition
from huldra.project.bindings import ImportedFrom, ImportedModule
from huldra.project.class_body import Member
from huldra.project.link import Project
from huldra.project.modules import absolute_module
from huldra.project.scopes import Bound, Scope, comprehension_scope, module_scope
from huldra.project.symbols import (
    ClassSymbol,
    ExternalSymbol,
    FunctionSymbol,
    ModuleSymbol,
    Symbol,
    UnresolvedSymbol,
    ValueSymbol,
)
from huldra.project.told import (
    ABSENT,
    OUTSIDE,
    UNTOLD,
    ClassItself,
    Function,
    Instance,
    Library,
    Module,
    Pair,
    Several,
    Told,
    agreed,
    is_outside,
    item_of,
    part_of,
)
from huldra.project.told_annotations import told_of_generic, told_of_name
from huldra.project.told_calls import call_of_library, method_of_collection

_DEEPEST = 30


class ToldClasses:
    """Tells expressions of one project; what was told once is kept."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._modules: dict[str, Scope] = {}
        self._depth = 0

    def module(self, module: str) -> Scope:
        """Return the scope of a module."""
        if module not in self._modules:
            file = self.project.modules.file_of.get(module)
            facts = None if file is None else self.project.facts.get(file)
            self._modules[module] = Scope(module, "module") if facts is None else module_scope(module, facts)
        return self._modules[module]

    def told(self, expression: Expression, scope: Scope) -> Told:
        """Return what code tells of the value of an expression that stands in a scope."""
        if self._depth >= _DEEPEST:
            return UNTOLD
        self._depth += 1
        try:
            return self._told(expression, scope)
        finally:
            self._depth -= 1

    def _told(self, expression: Expression, scope: Scope) -> Told:
        match expression:
            case Constant(word="None"):
                return ABSENT
            case Constant() | Literal() | FormattedString() | Concatenation() | Comparison() | Unary():
                return OUTSIDE
            case Name(id=name):
                return self._named(name, scope)
            case Attribute(value=value, name=name):
                return self._attribute(self.told(value, scope), name)
            case Call():
                return self._call(expression, scope)
            case Subscript(value=value, index=index):
                return self._subscript(self.told(value, scope), index)
            case Comprehension():
                inside = comprehension_scope(expression, scope)
                return Several(self.told(expression.value or expression.element, inside))
            case TupleDisplay(items=items) if not any(isinstance(item, Starred) for item in items):
                return Pair(tuple(self.told(item, scope) for item in items))
            case ListDisplay(items=items) | SetDisplay(items=items) | TupleDisplay(items=items):
                return Several(agreed(self._item(item, scope) for item in items) if items else OUTSIDE)
            case DictDisplay(entries=entries):
                parts = [self.told(v, scope) if key is not None else item_of(self.told(v, scope)) for key, v in entries]
                return Several(agreed(parts) if parts else OUTSIDE)
            case Conditional(body=left, orelse=right) | Logical(left=left, right=right):
                return agreed((self.told(left, scope), self.told(right, scope)))
            case Walrus(value=value):
                return self.told(value, scope)
            case Binary(left=left, right=right):
                sides = self.told(left, scope), self.told(right, scope)
                return OUTSIDE if all(is_outside(side) for side in sides) else agreed(sides)
            case _:
                return UNTOLD

    def _item(self, item: Expression, scope: Scope) -> Told:
        return item_of(self.told(item.value, scope)) if isinstance(item, Starred) else self.told(item, scope)

    def _named(self, name: str, scope: Scope) -> Told:
        bounds = scope.look_up(name)
        if bounds is not None:
            # An annotation says what all assignments may bring.
            annotated = [bound for bound in bounds if bound.how == "annotation"]
            return agreed(self._bound(bound) for bound in annotated or bounds)
        return self._symbol(
            self.project.symbols.resolve_expression(scope.module, Name(name, (0, 0, 0, 0))), name, scope
        )

    def _symbol(self, symbol: Symbol, name: str = "", scope: Scope | None = None) -> Told:
        match symbol:
            case ClassSymbol(name=class_name):
                return ClassItself(frozenset({class_name}))
            case FunctionSymbol(name=dotted):
                return self._function(dotted)
            case ModuleSymbol(name=module):
                return Module(module)
            case ExternalSymbol(name=dotted):
                return Library(dotted)
            case ValueSymbol(module=module, name=value):
                return self._value(self.module(module), value)
            case UnresolvedSymbol():
                return UNTOLD if scope is None else self._value(self.module(scope.module), name)

    def _value(self, scope: Scope, name: str) -> Told:
        bounds = scope.bound.get(name, ())
        return agreed(self._bound(bound) for bound in bounds) if bounds else UNTOLD

    def _function(self, dotted: str) -> Told:
        module, _, name = dotted.rpartition(".")
        namespace = self.project.symbols.namespace(module)
        found = () if namespace is None else namespace.bindings.get(name, ())
        functions = [b.target for b in found if isinstance(b.target, FunctionDefinition)]
        return Function(functions[-1], module) if len(functions) == len(found) == 1 else UNTOLD

    def _bound(self, bound: Bound) -> Told:
        if self._depth >= _DEEPEST:
            return UNTOLD
        self._depth += 1
        try:
            return self._bound_now(bound)
        finally:
            self._depth -= 1

    def _bound_now(self, bound: Bound) -> Told:
        scope = bound.within
        match bound.how:
            case "value":
                return part_of(self.told(bound.expressions[0], scope), bound.steps)
            case "item":
                items = [self._iterated(self.told(e, scope)) for e in bound.expressions]
                told = [item for item in items if not is_outside(item)] if len(items) > 1 else items
                return part_of(agreed(told), bound.steps)
            case "annotation":
                return self.annotation(bound.expressions[0], scope)
            case "self" if scope.class_name is not None:
                return Instance(frozenset({scope.class_name}))
            case "class" if scope.class_name is not None:
                return ClassItself(frozenset({scope.class_name}))
            case "function" if bound.definition is not None:
                return Function(bound.definition, scope.module)
            case "import" if bound.imported is not None:
                return self._imported(bound.imported, scope.module)
            case _:
                return UNTOLD

    def _imported(self, imported: ImportedModule | ImportedFrom, module: str) -> Told:
        symbols = self.project.symbols
        if isinstance(imported, ImportedModule):
            return self._symbol(symbols.module_symbol(imported.bound))
        is_package = self.project.modules.is_package(module)
        source = absolute_module(module, imported.level, imported.module, is_package=is_package)
        if source is None:
            return UNTOLD
        if isinstance(symbols.module_symbol(source), ModuleSymbol):
            return self._symbol(symbols.resolve(source, imported.name))
        return Library(f"{source}.{imported.name}")

    def _iterated(self, told: Told) -> Told:
        """What a loop over a value gives; the library's collections are iterated as classes."""
        if isinstance(told, ClassItself):
            return agreed(self._member_of_collection(name) for name in told.class_names)
        return item_of(told)

    def _member_of_collection(self, name: str) -> Told:
        info = self.project.classes.get(name)
        if info is None or not info.is_collection:
            return UNTOLD
        named = [a.value.index for a in info.definition.arguments if isinstance(a.value, Subscript)]
        return self.annotation(named[0], self.module(info.module)) if len(named) == 1 else UNTOLD

    def annotation(self, node: Expression, scope: Scope) -> Told:
        """Return what an annotation tells of a value."""
        match node:
            case Constant(word="None"):
                return ABSENT
            case Literal() if node.source[:1] in "'\"":
                statements = collect_piece(f"{node.source.strip(chr(39) + chr(34))}\n").statements
                quoted = statements[0].value if statements and isinstance(statements[0], ExpressionStatement) else None
                return UNTOLD if quoted is None else self.annotation(quoted, scope)
            case Binary(operator="|", left=left, right=right):
                return agreed((self.annotation(left, scope), self.annotation(right, scope)))
            case Subscript(value=head, index=index):
                parts = index.items if isinstance(index, TupleDisplay) else (index,)
                return self._generic(self.told(head, scope), parts, scope)
            case Name() | Attribute():
                return self._annotated(self.told(node, scope), scope)
            case _:
                return UNTOLD

    def _annotated(self, named: Told, scope: Scope) -> Told:
        match named:
            case ClassItself(class_names=names):
                return Instance(names)
            case Library(name=name):
                return told_of_name(name, scope.class_name)
            case _:
                return UNTOLD

    def _generic(self, head: Told, parts: tuple[Expression, ...], scope: Scope) -> Told:
        if isinstance(head, ClassItself):
            return Instance(head.class_names)
        name = head.name if isinstance(head, Library) else ""
        is_open = len(parts) == 2 and isinstance(parts[1], Constant) and parts[1].word == "..."
        return told_of_generic(name, [self.annotation(part, scope) for part in parts], is_open=is_open)

    def _attribute(self, told: Told, name: str) -> Told:
        match told:
            case Instance(class_names=names):
                return agreed(self._member(owner, name) for owner in sorted(names))
            case ClassItself(class_names=names):
                return agreed(self._of_class(owner, name) for owner in sorted(names))
            case Module(name=module):
                return self._symbol(self.project.symbols.resolve(module, name), name, self.module(module))
            case Library(name=dotted):
                return Library(f"{dotted}.{name}")
            case _ if is_outside(told):
                return OUTSIDE
            case _:
                return UNTOLD

    def _member(self, owner: str, name: str) -> Told:
        """What an attribute of an instance is."""
        tables = self.project.tables
        info = self.project.classes.get(owner)
        if info is None:
            return UNTOLD
        field = tables.table(owner).get(name) if tables.is_config_class(owner) else None
        if field is not None:
            scope = self.module(self.project.classes[field.owner].module)
            return UNTOLD if field.annotation is None else self.annotation(field.annotation, scope)
        for ancestor in info.order:
            if ancestor in self.project.classes:
                body, module = tables.body(ancestor), self.project.classes[ancestor].module
                if name in body.members:
                    return self._from_body(body.members[name], module, frozenset({owner}))
                if name in body.annotated:
                    return self.annotation(body.annotated[name].annotation, self.module(module))
        is_library = info.dialect is not None and name in info.dialect.config_names
        return Library(f"{owner}.{name}") if is_library else UNTOLD

    def _from_body(self, member: Member, module: str, owner: frozenset[str]) -> Told:
        match member.value:
            case FunctionDefinition() as definition:
                function = Function(definition, module, owner)
                return self._returned(function) if member.kind in {"property", "init_property"} else function
            case ClassDefinition() | None:
                return UNTOLD
            case expression:
                return self.told(expression, self.module(module))

    def _of_class(self, owner: str, name: str) -> Told:
        info = self.project.classes.get(owner)
        for ancestor in () if info is None else info.order:
            if ancestor in self.project.classes:
                member = self.project.tables.body(ancestor).members.get(name)
                if member is not None and isinstance(member.value, ClassDefinition):
                    return ClassItself(frozenset({f"{ancestor}.{name}"}))
                if member is not None:
                    return self._from_body(member, self.project.classes[ancestor].module, frozenset({owner}))
        if info is not None and info.is_collection:
            item = self._member_of_collection(owner)
            return Several(item) if name == "all" else item if name == "by_name" else UNTOLD
        return UNTOLD

    def _call(self, call: Call, scope: Scope) -> Told:
        function = self.told(call.function, scope)
        if isinstance(function, ClassItself):
            return Instance(function.class_names)
        if isinstance(function, Function):
            return self._returned(function)
        arguments = [
            self._item(argument.value, scope) if argument.star == "*" else self.told(argument.value, scope)
            for argument in call.arguments
        ]
        if isinstance(call.function, Attribute):
            receiver = self.told(call.function.value, scope)
            if isinstance(receiver, ClassItself) and not isinstance(function, Library):
                return function  # of a collection: what `all` and `by_name` give
            if isinstance(receiver, Instance):
                return self._loaded(receiver, call.function.name)
            if isinstance(receiver, Several):
                return method_of_collection(receiver, call.function.name)
        if isinstance(function, Library):
            return call_of_library(function.name, arguments, scope.class_name)
        return OUTSIDE if is_outside(function) and all(is_outside(a) for a in arguments) else UNTOLD

    def _loaded(self, receiver: Instance, method: str) -> Told:
        """What the library's own methods give: a result is what `_create` is annotated to return."""
        found: list[Told] = []
        for owner in sorted(receiver.class_names):
            info = self.project.classes.get(owner)
            dialect = None if info is None else info.dialect
            if dialect is None or method not in dialect.config_names:
                return UNTOLD
            made = self._member(owner, dialect.create_method) if method in dialect.load_methods else OUTSIDE
            found.append(self._returned(made) if isinstance(made, Function) else made)
        return agreed(found)

    def _returned(self, function: Function) -> Told:
        scope = self.module(function.module)
        returns = function.definition.returns
        if returns is None:
            return UNTOLD
        owner = next(iter(function.owner)) if len(function.owner) == 1 else None
        return self.annotation(returns, Scope(function.module, "class", scope, owner))

    def _subscript(self, told: Told, index: Expression) -> Told:
        match told:
            case Several() | Pair() if isinstance(index, Slice):
                return Several(item_of(told))
            case Pair(parts=parts) if isinstance(index, Literal) and index.source.isdecimal():
                number = int(index.source)
                return parts[number] if number < len(parts) else UNTOLD
            case ClassItself():
                return told
            case _:
                return item_of(told)
