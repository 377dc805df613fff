"""LibCST statements as facts. The leaves are visited in source order, always."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from huldra.facts import expressions as e
from huldra.facts import statements as s
from huldra.facts.cursor import Cursor
from huldra.facts.read_expressions import ExpressionReader
from huldra.facts.read_patterns import read_pattern
from huldra.facts.syntax import Readers, RefusedError, cst

_AUGMENTED: Mapping[type[cst.BaseAugOp], str] = {
    cst.AddAssign: "+",
    cst.SubtractAssign: "-",
    cst.MultiplyAssign: "*",
    cst.DivideAssign: "/",
    cst.FloorDivideAssign: "//",
    cst.ModuloAssign: "%",
    cst.PowerAssign: "**",
    cst.LeftShiftAssign: "<<",
    cst.RightShiftAssign: ">>",
    cst.BitOrAssign: "|",
    cst.BitAndAssign: "&",
    cst.BitXorAssign: "^",
    cst.MatrixMultiplyAssign: "@",
}


class StatementReader:
    """Reads the statements of one piece."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.expressions = ExpressionReader(cursor)

    def block(self, body: Sequence[cst.BaseStatement | cst.BaseSmallStatement]) -> tuple[s.Statement, ...]:
        """Return the statements of a block, those of a line with `;` one by one."""
        self.cursor.descend()
        found: list[s.Statement] = []
        for node in body:
            if isinstance(node, cst.SimpleStatementLine):
                for small in node.body:
                    found.append(self._readers[type(small)](self, small))
                    if isinstance(small.semicolon, cst.Semicolon):
                        self.cursor.take(";")
                continue
            found.append(self._readers[type(node)](self, node))
            if isinstance(node, cst.BaseSmallStatement) and isinstance(node.semicolon, cst.Semicolon):
                self.cursor.take(";")
        self.cursor.depth -= 1
        return tuple(found)

    def _suite(self, node: cst.BaseSuite) -> tuple[s.Statement, ...]:
        return self.block(node.body)

    def _read(self, node: cst.BaseExpression) -> e.Expression:
        return self.expressions.read(node)

    def _optional(self, node: cst.BaseExpression | None) -> e.Expression | None:
        return None if node is None else self.expressions.read(node)

    def _since(self, first: int) -> e.Span:
        """The span from a token to the last one that was passed."""
        return self.cursor.span(first, self.cursor.last())

    def _expression(self, node: cst.Expr) -> s.Statement:
        value = self._read(node.value)
        return s.ExpressionStatement(value, self.cursor.span(*self.expressions.outer))

    def _assign(self, node: cst.Assign) -> s.Statement:
        targets: list[e.Expression] = []
        first = -1
        for target in node.targets:
            targets.append(self.expressions.element(target.target))
            first = self.expressions.outer[0] if first < 0 else first
        value = self._read(node.value)
        return s.Assign(tuple(targets), value, self.cursor.span(first, self.expressions.outer[1]))

    def _annotated(self, node: cst.AnnAssign) -> s.Statement:
        target = self._read(node.target)
        first = self.expressions.outer[0]
        annotation = self._read(node.annotation.annotation)
        text = self.cursor.between(*self.expressions.outer)
        value = self._optional(node.value)
        return s.AnnotatedAssign(target, annotation, text, value, self.cursor.span(first, self.expressions.outer[1]))

    def _augmented(self, node: cst.AugAssign) -> s.Statement:
        target = self._read(node.target)
        first = self.expressions.outer[0]
        value = self._read(node.value)
        at = self.cursor.span(first, self.expressions.outer[1])
        return s.AugmentedAssign(target, _AUGMENTED[type(node.operator)], value, at)

    def _return(self, node: cst.Return) -> s.Statement:
        first = self.cursor.take("return")
        value = self._optional(node.value)
        return s.Return(value, self._since(first))

    def _raise(self, node: cst.Raise) -> s.Statement:
        first = self.cursor.take("raise")
        exception = self._optional(node.exc)
        cause = None if node.cause is None else self._read(node.cause.item)
        return s.Raise(exception, cause, self._since(first))

    def _assert(self, node: cst.Assert) -> s.Statement:
        first = self.cursor.take("assert")
        test = self._read(node.test)
        message = self._optional(node.msg)
        return s.Assert(test, message, self._since(first))

    def _delete(self, node: cst.Del) -> s.Statement:
        first = self.cursor.take("del")
        target = node.target
        if isinstance(target, cst.Tuple) and not target.lpar:
            targets = tuple(self.expressions.element(element) for element in target.elements)
            if isinstance(target.elements[-1].comma, cst.Comma):
                self.cursor.take(",")
        else:
            targets = (self._read(target),)
        return s.Delete(targets, self._since(first))

    def _word(self, node: cst.Pass | cst.Break | cst.Continue) -> s.Statement:
        if isinstance(node, cst.Pass):
            return s.Pass(self._since(self.cursor.take("pass")))
        if isinstance(node, cst.Break):
            return s.Break(self._since(self.cursor.take("break")))
        return s.Continue(self._since(self.cursor.take("continue")))

    def _scope(self, node: cst.Global | cst.Nonlocal) -> s.Statement:
        keyword = "global" if isinstance(node, cst.Global) else "nonlocal"
        first = self.cursor.take(keyword)
        names = tuple(item.name.value for item in node.names)
        for name in names:
            self.cursor.take(name)
        return s.ScopeDeclaration(keyword, names, self._since(first))

    def _import(self, node: cst.Import | cst.LazyImport) -> s.Statement:
        # When a lazy import is done is not followed: what it may run counts as if it ran where it is written.
        first = self.cursor.take("import")
        names = tuple(self._imported(alias) for alias in node.names)
        return s.Import(names, self._since(first))

    def _import_from(self, node: cst.ImportFrom | cst.LazyImportFrom) -> s.Statement:
        first = self.cursor.take("from")
        module = "" if node.module is None else self._dotted(node.module)
        self.cursor.take("import")
        if isinstance(node.names, cst.ImportStar):
            self.cursor.take("*")
            return s.ImportFrom(len(node.relative), module, (), True, self._since(first))  # noqa: FBT003
        opening = None if node.lpar is None else self.cursor.take("(")
        names = tuple(self._imported(alias) for alias in node.names)
        if opening is not None:
            self.cursor.close(opening)
        return s.ImportFrom(len(node.relative), module, names, False, self._since(first))  # noqa: FBT003

    def _dotted(self, node: cst.BaseExpression) -> str:
        return e.dotted_name(self._read(node)) or ""

    def _imported(self, node: cst.ImportAlias) -> s.ImportedName:
        name = self._dotted(node.name)
        first = self.expressions.outer[0]
        alias = None
        if node.asname is not None and isinstance(node.asname.name, cst.Name):
            alias = node.asname.name.value
            self.cursor.take(alias)
        return s.ImportedName(name, alias, self._since(first))

    def _if(self, node: cst.If) -> s.Statement:
        heads = [self._head(node, "if")]
        orelse = node.orelse
        while isinstance(orelse, cst.If):
            heads.append(self._head(orelse, "elif"))
            orelse = orelse.orelse
        rest = self._else(orelse)
        for first, test, body in reversed(heads[1:]):
            rest = (s.If(test, body, rest, self._since(first)),)
        first, test, body = heads[0]
        return s.If(test, body, rest, self._since(first))

    def _head(self, node: cst.If, keyword: str) -> tuple[int, e.Expression, tuple[s.Statement, ...]]:
        """Return the first token, test and body of one branch."""
        first = self.cursor.take(keyword)
        return first, self._read(node.test), self._suite(node.body)

    def _else(self, node: cst.Else | None) -> tuple[s.Statement, ...]:
        return () if node is None else self._suite(node.body)

    def _while(self, node: cst.While) -> s.Statement:
        first = self.cursor.take("while")
        test = self._read(node.test)
        body = self._suite(node.body)
        orelse = self._else(node.orelse)
        return s.While(test, body, orelse, self._since(first))

    def _for(self, node: cst.For) -> s.Statement:
        first = self.cursor.take("async") if node.asynchronous is not None else -1
        keyword = self.cursor.take("for")
        target = self.expressions.element(node.target)
        iterable = self._read(node.iter)
        body = self._suite(node.body)
        orelse = self._else(node.orelse)
        at = self._since(keyword if first < 0 else first)
        return s.For(target, iterable, body, orelse, node.asynchronous is not None, at)

    def _with(self, node: cst.With) -> s.Statement:
        first = self.cursor.take("async") if node.asynchronous is not None else -1
        keyword = self.cursor.take("with")
        opening = self.cursor.take("(") if isinstance(node.lpar, cst.LeftParen) else None
        items: list[tuple[e.Expression, e.Expression | None]] = []
        for item in node.items:
            value = self._read(item.item)
            items.append((value, None if item.asname is None else self.expressions.element(item.asname.name)))
        if opening is not None:
            self.cursor.close(opening)
        body = self._suite(node.body)
        at = self._since(keyword if first < 0 else first)
        return s.With(tuple(items), body, node.asynchronous is not None, at)

    def _try(self, node: cst.Try | cst.TryStar) -> s.Statement:
        first = self.cursor.take("try")
        body = self._suite(node.body)
        handlers = tuple(self._handler(handler) for handler in node.handlers)
        for handler in handlers[:-1]:
            if handler.caught is None:
                raise RefusedError("a bare except: must be the last one", handler.at)
        orelse = self._else(node.orelse)
        final = () if node.finalbody is None else self._suite(node.finalbody.body)
        return s.Try(body, handlers, orelse, final, isinstance(node, cst.TryStar), self._since(first))

    def _handler(self, node: cst.ExceptHandler | cst.ExceptStarHandler) -> s.Handler:
        first = self.cursor.take("except")
        caught = self._optional(node.type)
        name = None
        if node.name is not None and isinstance(node.name.name, cst.Name):
            name = node.name.name.value
            self.cursor.take(name)
        body = self._suite(node.body)
        return s.Handler(caught, name, body, self._since(first))

    def _match(self, node: cst.Match) -> s.Statement:
        first = self.cursor.take("match")
        subject = self._read(node.subject)
        cases = tuple(self._case(case) for case in node.cases)
        return s.Match(subject, cases, self._since(first))

    def _case(self, node: cst.MatchCase) -> s.Case:
        first = self.cursor.take("case")
        pattern = read_pattern(self.expressions, node.pattern)
        guard = self._optional(node.guard)
        body = self._suite(node.body)
        return s.Case(pattern, guard, body, self._since(first))

    def _function(self, node: cst.FunctionDef) -> s.Statement:
        decorators = tuple(self._read(decorator.decorator) for decorator in node.decorators)
        first = self.cursor.take("async") if node.asynchronous is not None else -1
        keyword = self.cursor.take("def")
        name = self.cursor.take(node.name.value)
        name_at = self.cursor.span(name, name)
        type_parameters = self._type_parameters(node.type_parameters)
        opening = self.cursor.take("(")
        parameters = self.expressions.parameters(node.params)
        self.cursor.close(opening)
        returns = None if node.returns is None else self._read(node.returns.annotation)
        body = self._suite(node.body)
        return s.FunctionDefinition(
            name=node.name.value,
            parameters=parameters,
            returns=returns,
            decorators=decorators,
            body=body,
            type_parameters=type_parameters,
            is_async=node.asynchronous is not None,
            at=self._since(keyword if first < 0 else first),
            name_at=name_at,
        )

    def _class(self, node: cst.ClassDef) -> s.Statement:
        decorators = tuple(self._read(decorator.decorator) for decorator in node.decorators)
        first = self.cursor.take("class")
        name = self.cursor.take(node.name.value)
        name_at = self.cursor.span(name, name)
        type_parameters = self._type_parameters(node.type_parameters)
        opening = self.cursor.take("(") if isinstance(node.lpar, cst.LeftParen) else None
        arguments = tuple(self.expressions.argument(argument) for argument in (*node.bases, *node.keywords))
        if opening is not None:
            self.cursor.close(opening)
        body = self._suite(node.body)
        return s.ClassDefinition(
            name=node.name.value,
            arguments=arguments,
            decorators=decorators,
            body=body,
            type_parameters=type_parameters,
            at=self._since(first),
            name_at=name_at,
        )

    def _type_parameters(self, node: cst.TypeParameters | None) -> tuple[s.TypeParameter, ...]:
        if node is None:
            return ()
        opening = self.cursor.take("[")
        found = tuple(self._type_parameter(parameter) for parameter in node.params)
        self.cursor.close(opening)
        return found

    def _type_parameter(self, node: cst.TypeParam) -> s.TypeParameter:
        param = node.param
        self.cursor.take(param.name.value)
        bound = self._optional(param.bound) if isinstance(param, cst.TypeVar) else None
        default = self._optional(node.default)
        star = "*" if isinstance(param, cst.TypeVarTuple) else "**" if isinstance(param, cst.ParamSpec) else ""
        return s.TypeParameter(param.name.value, star, bound, default)

    def _type_alias(self, node: cst.TypeAlias) -> s.Statement:
        first = self.cursor.take("type")
        self.cursor.take(node.name.value)
        parameters = self._type_parameters(node.type_parameters)
        value = self._read(node.value)
        return s.TypeAlias(node.name.value, parameters, value, self._since(first))

    _readers: ClassVar[Readers[s.Statement]] = Readers(
        {
            cst.Expr: _expression,
            cst.Assign: _assign,
            cst.AnnAssign: _annotated,
            cst.AugAssign: _augmented,
            cst.Return: _return,
            cst.Raise: _raise,
            cst.Assert: _assert,
            cst.Del: _delete,
            cst.Pass: _word,
            cst.Break: _word,
            cst.Continue: _word,
            cst.Global: _scope,
            cst.Nonlocal: _scope,
            cst.Import: _import,
            cst.ImportFrom: _import_from,
            cst.LazyImport: _import,
            cst.LazyImportFrom: _import_from,
            cst.If: _if,
            cst.While: _while,
            cst.For: _for,
            cst.With: _with,
            cst.Try: _try,
            cst.TryStar: _try,
            cst.Match: _match,
            cst.FunctionDef: _function,
            cst.ClassDef: _class,
            cst.TypeAlias: _type_alias,
        }
    )
