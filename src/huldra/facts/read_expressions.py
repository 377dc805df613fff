"""LibCST expressions as facts, with positions from the cursor. The leaves are visited in source order, always."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from huldra.facts import expressions as e
from huldra.facts.cursor import Cursor
from huldra.facts.read_strings import read_concatenated, read_formatted
from huldra.facts.syntax import Readers, cst

_BINARY: Mapping[type[cst.BaseBinaryOp], str] = {
    cst.Add: "+",
    cst.Subtract: "-",
    cst.Multiply: "*",
    cst.Divide: "/",
    cst.FloorDivide: "//",
    cst.Modulo: "%",
    cst.Power: "**",
    cst.LeftShift: "<<",
    cst.RightShift: ">>",
    cst.BitOr: "|",
    cst.BitAnd: "&",
    cst.BitXor: "^",
    cst.MatrixMultiply: "@",
}
_COMPARISONS: Mapping[type[cst.BaseCompOp], str] = {
    cst.Equal: "==",
    cst.NotEqual: "!=",
    cst.LessThan: "<",
    cst.LessThanEqual: "<=",
    cst.GreaterThan: ">",
    cst.GreaterThanEqual: ">=",
    cst.In: "in",
    cst.NotIn: "not in",
    cst.Is: "is",
    cst.IsNot: "is not",
}
_WORDS = frozenset({"None", "True", "False"})


class ExpressionReader:
    """Reads expressions; `outer` is the token range of the last one read, its own parentheses included."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.outer = (0, 0)

    def read(self, node: cst.BaseExpression) -> e.Expression:
        """Return an expression as facts."""
        cursor = self.cursor
        cursor.descend()
        owns_parentheses = isinstance(node, cst.Tuple | cst.GeneratorExp) and bool(node.lpar)
        opening = [cursor.take("(") for _ in node.lpar[: len(node.lpar) - 1 if owns_parentheses else None]]
        result = self._readers[type(node)](self, node)
        if opening:
            last = self.outer[1]
            for index in reversed(opening):
                last = cursor.close(index)
            self.outer = (opening[0], last)
        cursor.depth -= 1
        return result

    def done(self, first: int, last: int) -> e.Span:
        """Note the tokens of the expression just read, and return their span."""
        self.outer = (first, last)
        return self.cursor.span(first, last)

    def _name(self, node: cst.Name) -> e.Expression:
        token = self.cursor.take(node.value)
        at = self.done(token, token)
        if node.value in _WORDS:
            return e.Constant(node.value, at)  # pyright: ignore[reportArgumentType]  one of the three words
        return e.Name(node.value, at)

    def _ellipsis(self, node: cst.Ellipsis) -> e.Expression:
        del node
        token = self.cursor.take("...")
        return e.Constant("...", self.done(token, token))

    def _literal(self, node: cst.Integer | cst.Float | cst.Imaginary | cst.SimpleString) -> e.Literal:
        token = self.cursor.take(node.value)
        return e.Literal(node.value, self.done(token, token))

    def _attribute(self, node: cst.Attribute) -> e.Expression:
        value = self.read(node.value)
        first = self.outer[0]
        token = self.cursor.take(node.attr.value)
        return e.Attribute(value, node.attr.value, self.done(first, token))

    def _subscript(self, node: cst.Subscript) -> e.Expression:
        value = self.read(node.value)
        first = self.outer[0]
        opening = self.cursor.take("[")
        items: list[e.Expression] = []
        begin = end = 0
        for index, element in enumerate(node.slice):
            items.append(self._index(element.slice))
            begin, end = (self.outer[0] if index == 0 else begin), self.outer[1]
        has_comma = isinstance(node.slice[-1].comma, cst.Comma)
        if has_comma and not self.cursor.is_fixed:
            end = self.cursor.take(",")
        closing = self.cursor.close(opening)
        is_tuple = len(items) > 1 or has_comma or isinstance(items[0], e.Starred)
        index = e.TupleDisplay(tuple(items), self.cursor.span(begin, end)) if is_tuple else items[0]
        return e.Subscript(value, index, self.done(first, closing))

    def _index(self, node: cst.BaseSlice) -> e.Expression:
        if isinstance(node, cst.Index):
            if node.star is None:
                return self.read(node.value)
            star = self.cursor.take("*")
            value = self.read(node.value)
            return e.Starred(value, self.done(star, self.outer[1]))
        if not isinstance(node, cst.Slice):
            raise TypeError(type(node).__name__)
        first: int | None = None
        lower = None if node.lower is None else self.read(node.lower)
        if lower is not None:
            first = self.outer[0]
        last = self.cursor.take(":")
        first = last if first is None else first
        upper = None if node.upper is None else self.read(node.upper)
        last = self.outer[1] if upper is not None else last
        if isinstance(node.second_colon, cst.Colon):
            last = self.cursor.take(":")
        step = None if node.step is None else self.read(node.step)
        last = self.outer[1] if step is not None else last
        return e.Slice(lower, upper, step, self.done(first, last))

    def _call(self, node: cst.Call) -> e.Expression:
        function = self.read(node.func)
        first = self.outer[0]
        opening = self.cursor.take("(")
        arguments = tuple(self.argument(argument) for argument in node.args)
        closing = self.cursor.close(opening)
        return e.Call(function, arguments, self.done(first, closing))

    def argument(self, node: cst.Arg) -> e.Argument:
        """Return one argument of a call or class header."""
        star = self.cursor.take(node.star) if node.star else None
        name = None if node.keyword is None else node.keyword.value
        keyword = None if name is None else self.cursor.take(name)
        value = self.read(node.value)
        first = next((index for index in (star, keyword) if index is not None), self.outer[0])
        stars: Mapping[str, Literal["", "*", "**"]] = {"": "", "*": "*", "**": "**"}
        return e.Argument(value, name, stars[node.star], self.cursor.span(first, self.outer[1]))

    def _unary(self, node: cst.UnaryOperation) -> e.Expression:
        symbols: Mapping[type, Literal["-", "+", "~", "not"]] = {
            cst.Minus: "-",
            cst.Plus: "+",
            cst.BitInvert: "~",
            cst.Not: "not",
        }
        symbol = symbols[type(node.operator)]
        first = self.cursor.take(symbol)
        operand = self.read(node.expression)
        return e.Unary(symbol, operand, self.done(first, self.outer[1]))

    def _binary(self, node: cst.BinaryOperation) -> e.Expression:
        left = self.read(node.left)
        first = self.outer[0]
        symbol = _BINARY[type(node.operator)]
        self.cursor.take(symbol)  # else the minus of `a - -b`, or the star of `f(a * b, *c)`, would be taken for it
        right = self.read(node.right)
        return e.Binary(symbol, left, right, self.done(first, self.outer[1]))

    def _logical(self, node: cst.BooleanOperation) -> e.Expression:
        left = self.read(node.left)
        first = self.outer[0]
        right = self.read(node.right)
        symbol = "and" if isinstance(node.operator, cst.And) else "or"
        return e.Logical(symbol, left, right, self.done(first, self.outer[1]))

    def _comparison(self, node: cst.Comparison) -> e.Expression:
        head = self.read(node.left)
        first = self.outer[0]
        rest = [(_COMPARISONS[type(target.operator)], self.read(target.comparator)) for target in node.comparisons]
        return e.Comparison(head, tuple(rest), self.done(first, self.outer[1]))

    def _conditional(self, node: cst.IfExp) -> e.Expression:
        body = self.read(node.body)
        first = self.outer[0]
        test = self.read(node.test)
        orelse = self.read(node.orelse)
        return e.Conditional(test, body, orelse, self.done(first, self.outer[1]))

    def _lambda(self, node: cst.Lambda) -> e.Expression:
        first = self.cursor.take("lambda")
        parameters = self.parameters(node.params)
        body = self.read(node.body)
        return e.Lambda(parameters, body, self.done(first, self.outer[1]))

    def parameters(self, node: cst.Parameters) -> tuple[e.Parameter, ...]:
        """Return the parameters of a function or lambda, in source order."""
        found = [self._parameter(p, "positional_only") for p in node.posonly_params]
        found += [self._parameter(p, "positional") for p in node.params]
        if isinstance(node.star_arg, cst.Param):
            found.append(self._parameter(node.star_arg, "var_positional"))
        found += [self._parameter(p, "keyword_only") for p in node.kwonly_params]
        if node.star_kwarg is not None:
            found.append(self._parameter(node.star_kwarg, "var_keyword"))
        return tuple(found)

    def _parameter(
        self,
        node: cst.Param,
        kind: Literal["positional_only", "positional", "var_positional", "keyword_only", "var_keyword"],
    ) -> e.Parameter:
        first = last = self.cursor.take(node.name.value)
        annotation: e.Expression | None = None
        if node.annotation is not None:
            annotation = self.read(node.annotation.annotation)
            last = self.outer[1]
        default = None if node.default is None else self.read(node.default)
        return e.Parameter(node.name.value, kind, annotation, default, self.cursor.span(first, last))

    def _starred(self, node: cst.StarredElement) -> e.Expression:
        star = self.cursor.take("*")
        value = self.read(node.value)
        return e.Starred(value, self.done(star, self.outer[1]))

    def element(self, node: cst.BaseElement | cst.BaseExpression) -> e.Expression:
        """Return an element of a display or target."""
        if isinstance(node, cst.Element):
            return self.read(node.value)
        if isinstance(node, cst.BaseExpression):
            return self.read(node)
        raise TypeError(type(node).__name__)

    def _list(self, node: cst.List) -> e.Expression:
        opening = self.cursor.take("[")
        items = tuple(self.element(element) for element in node.elements)
        return e.ListDisplay(items, self.done(opening, self.cursor.close(opening)))

    def _set(self, node: cst.Set) -> e.Expression:
        opening = self.cursor.take("{")
        items = tuple(self.element(element) for element in node.elements)
        return e.SetDisplay(items, self.done(opening, self.cursor.close(opening)))

    def _tuple(self, node: cst.Tuple) -> e.Expression:
        opening = self.cursor.take("(") if node.lpar else None
        items: list[e.Expression] = []
        first = last = 0 if opening is None else opening
        for index, element in enumerate(node.elements):
            items.append(self.element(element))
            first, last = (self.outer[0] if index == 0 and opening is None else first), self.outer[1]
        if opening is not None:
            last = self.cursor.close(opening)
        elif isinstance(node.elements[-1].comma, cst.Comma) and not self.cursor.is_fixed:
            last = self.cursor.take(",")
        return e.TupleDisplay(tuple(items), self.done(first, last))

    def _dict(self, node: cst.Dict) -> e.Expression:
        opening = self.cursor.take("{")
        entries: list[tuple[e.Expression | None, e.Expression]] = []
        for element in node.elements:
            key = self.read(element.key) if isinstance(element, cst.DictElement) else None
            entries.append((key, self.read(element.value)))
        return e.DictDisplay(tuple(entries), self.done(opening, self.cursor.close(opening)))

    def _comprehension(self, node: cst.ListComp | cst.SetComp) -> e.Expression:
        is_list = isinstance(node, cst.ListComp)
        opening = self.cursor.take("[" if is_list else "{")
        element, clauses = _unpacked(self.read(node.elt), self._clauses(node.for_in))
        at = self.done(opening, self.cursor.close(opening))
        return e.Comprehension("list" if is_list else "set", element, None, clauses, at)

    def _dict_comprehension(self, node: cst.DictComp) -> e.Expression:
        opening = self.cursor.take("{")
        key = self.read(node.key)
        value = self.read(node.value)
        clauses = self._clauses(node.for_in)
        return e.Comprehension("dict", key, value, clauses, self.done(opening, self.cursor.close(opening)))

    def _unpacked_dicts(self, node: cst.StarredDictComp) -> e.Expression:
        """`{**d for …}` (PEP 798) is `{key: value for … for key, value in d.items()}`."""
        opening = self.cursor.take("{")
        mapping = self.read(node.value)
        key, value = (e.Name(name, mapping.at) for name in (".key", ".value"))
        items = e.Call(e.Attribute(mapping, "items", mapping.at), (), mapping.at)
        inner = e.Clause(e.TupleDisplay((key, value), mapping.at), items, (), is_async=False)
        clauses = (*self._clauses(node.for_in), inner)
        return e.Comprehension("dict", key, value, clauses, self.done(opening, self.cursor.close(opening)))

    def _generator(self, node: cst.GeneratorExp) -> e.Expression:
        # As the only argument of a call, a generator shares the call's parentheses.
        opening = self.cursor.take("(") if node.lpar else self.cursor.last()
        element, clauses = _unpacked(self.read(node.elt), self._clauses(node.for_in))
        at = self.done(opening, self.cursor.close(opening))
        return e.Comprehension("generator", element, None, clauses, at)

    def _clauses(self, node: cst.CompFor) -> tuple[e.Clause, ...]:
        found: list[e.Clause] = []
        clause: cst.CompFor | None = node
        while clause is not None:
            target = self.element(clause.target)
            iterable = self.read(clause.iter)
            conditions = tuple(self.read(condition.test) for condition in clause.ifs)
            found.append(e.Clause(target, iterable, conditions, clause.asynchronous is not None))
            clause = clause.inner_for_in
        return tuple(found)

    def _walrus(self, node: cst.NamedExpr) -> e.Expression:
        target = self.read(node.target)
        first = self.outer[0]
        value = self.read(node.value)
        name = target.id if isinstance(target, e.Name) else ""
        return e.Walrus(name, value, self.done(first, self.outer[1]))

    def _await(self, node: cst.Await) -> e.Expression:
        first = self.cursor.take("await")
        value = self.read(node.expression)
        return e.Await(value, self.done(first, self.outer[1]))

    def _yield(self, node: cst.Yield) -> e.Expression:
        first = self.cursor.take("yield")
        if isinstance(node.value, cst.From):
            value = self.read(node.value.item)
            return e.YieldFrom(value, self.done(first, self.outer[1]))
        if node.value is None:
            return e.Yield(None, self.done(first, first))
        inner = self.read(node.value)
        return e.Yield(inner, self.done(first, self.outer[1]))

    _readers: ClassVar[Readers[e.Expression]] = Readers(
        {
            cst.Name: _name,
            cst.Ellipsis: _ellipsis,
            cst.Integer: _literal,
            cst.Float: _literal,
            cst.Imaginary: _literal,
            cst.SimpleString: _literal,
            cst.FormattedString: read_formatted,
            cst.TemplatedString: read_formatted,
            cst.ConcatenatedString: read_concatenated,
            cst.Attribute: _attribute,
            cst.StarredElement: _starred,
            cst.Subscript: _subscript,
            cst.Call: _call,
            cst.UnaryOperation: _unary,
            cst.BinaryOperation: _binary,
            cst.BooleanOperation: _logical,
            cst.Comparison: _comparison,
            cst.IfExp: _conditional,
            cst.Lambda: _lambda,
            cst.List: _list,
            cst.Set: _set,
            cst.Tuple: _tuple,
            cst.Dict: _dict,
            cst.ListComp: _comprehension,
            cst.SetComp: _comprehension,
            cst.DictComp: _dict_comprehension,
            cst.StarredDictComp: _unpacked_dicts,
            cst.GeneratorExp: _generator,
            cst.NamedExpr: _walrus,
            cst.Await: _await,
            cst.Yield: _yield,
        }
    )


def _unpacked(element: e.Expression, clauses: tuple[e.Clause, ...]) -> tuple[e.Expression, tuple[e.Clause, ...]]:
    """`[*items for …]` (PEP 798) is `[item for … for item in items]`; no name in code is written like ours."""
    if not isinstance(element, e.Starred):
        return element, clauses
    item = e.Name(".item", element.at)
    return item, (*clauses, e.Clause(item, element.value, (), is_async=False))
