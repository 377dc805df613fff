"""Statements at random that are about order: iterators read in parts, closures with state, `with`, nested targets."""

from collections.abc import Callable

from tests.agreement.scope import FunctionInfo, Parameter, Pen, Scope
from tests.agreement.write_expressions import condition, expression, instance, leaf

Lines = list[str]
WORDS = ("a", "b")
Block = Callable[[Pen, Scope, int, int], Lines]


def indented(lines: Lines) -> Lines:
    """Return lines one level deeper."""
    return [f"    {line}" for line in lines]


def change_holder(pen: Pen, scope: Scope) -> Lines | None:
    """Return a statement that changes an instance of a plain class; None where there is none."""
    found = [(name, scope.classes.get(kind.partition(":")[2])) for name, kind in scope.names.items()]
    changing = [(name, cls) for name, cls in found if cls is not None and cls.changes]
    if not changing:
        return None
    name, cls = pen.choices.pick(changing)
    text = pen.choices.pick(cls.changes)
    kinds = ("int", "str", "float", "ints")
    slots = {kind: f"({expression(pen, scope, kind, 1)})" for kind in kinds if f"{{{kind}}}" in text}
    return [text.format(o=name, **slots)]


def make_holder(pen: Pen, scope: Scope) -> Lines | None:
    """Return a statement that keeps an instance of a plain class."""
    classes = [cls for cls in scope.classes.values() if cls.prefix == "h"]
    if not classes:
        return None
    cls = pen.choices.pick(classes)
    name = pen.fresh("h")
    value = instance(pen, scope, cls, 2)
    scope.define(**{name: cls.kind})
    return [f"{name} = {value}"]


def read_in_parts(pen: Pen, scope: Scope, depth: int, block: Block) -> Lines:
    """Return an iterator that is read in several places, with other statements in between."""
    name, first, rest = pen.fresh("it"), pen.fresh("v"), pen.fresh("v")
    lines = [f"{name} = {expression(pen, scope, 'iter')}"]
    scope.define(**{name: "iter"})
    if pen.choices.chance(50):
        lines.append(f"{first} = next({name}, {expression(pen, scope, 'int', 0)})")
        scope.define(**{first: "int"})
    lines += block(pen, scope.child(), 2, 0) if pen.choices.chance(60) else []
    form = pen.choices.below(4)
    if form == 0:
        lines.append(f"{rest} = list({name})")
        scope.define(**{rest: "ints"})
    elif form == 1 and depth > 0:
        loop = pen.fresh("i")
        inner = scope.child(**{loop: "int"})
        lines += [f"for {loop} in {name}:", *indented(block(pen, inner, 2, 0))]
        lines += indented([f"if {condition(pen, inner)}:", "    break"])
    elif form == 2 and depth > 0:
        value = pen.fresh("i")
        inner = scope.child(**{value: "int"})
        inner.own.discard(value)
        lines += [f"while ({value} := next({name}, None)) is not None:", *indented(block(pen, inner, 2, 0))]
    return lines


def number_generator(pen: Pen, scope: Scope, block: Block) -> Lines:
    """Return a generator function of numbers, which may build experiments between them, and a call of it."""
    name, given = pen.fresh("gen"), pen.fresh("p")
    inner = scope.inside_function(**{given: "ints"})
    loop = pen.fresh("i")
    deeper = inner.child(**{loop: "int"})
    body = [f"for {loop} in {given}:"]
    if pen.choices.chance(40):
        body += indented(block(pen, deeper, 2, 0))
    body += indented([f"yield {expression(pen, deeper, 'int', 1)}"])
    if pen.choices.chance(30):
        body += indented(block(pen, deeper, 1, 0))
    if pen.choices.chance(25):
        body += [f"yield from {expression(pen, inner, 'ints', 1)}"]
    if pen.choices.chance(20):
        body = [f"yield {expression(pen, inner, 'int', 0)}", *block(pen, inner, 1, 0), *body]
    if pen.choices.chance(15):
        body = ["try:", *indented(body), "finally:", *indented(block(pen, inner.child(), 1, 0))]
    made = pen.fresh("it")
    value = expression(pen, scope, "ints", 1)
    scope.define(**{made: "iter"})
    return [f"def {name}({given}):", *indented(body), "", f"{made} = {name}({value})"]


def with_statement(pen: Pen, scope: Scope, depth: int, block: Block) -> Lines:
    """Return a `with` over a manager of the standard library or of a class of the project."""
    name = pen.fresh("v")
    entered = [
        obj
        for obj, kind in scope.names.items()
        if (cls := scope.classes.get(kind.partition(":")[2])) and any("__enter__" in text for text, _ in cls.uses)
    ]
    if entered and pen.choices.chance(50):
        obj = pen.choices.pick(entered)
        cls = scope.classes[scope.names[obj].partition(":")[2]]
        kind = next(gives for text, gives in cls.uses if "__enter__" in text)
        inner = scope.child(**{name: kind})
        return [f"with {obj} as {name}:", *indented(block(pen, inner, 2, depth - 1))]
    if pen.choices.chance(50):
        inner = scope.child(**{name: "int"})
        head = f"with contextlib.nullcontext({expression(pen, scope, 'int', 1)}) as {name}:"
        return [head, *indented(block(pen, inner, 2, depth - 1))]
    raising = pen.choices.pick(("{}['none']", "int('x')", "[][1]", "raise KeyError('no')", "pass"))
    body = [*block(pen, scope.child(), 1, 0), raising, *block(pen, scope.child(), 1, 0)]
    return ["with contextlib.suppress(LookupError, ValueError):", *indented(body)]


def closure_with_state(pen: Pen, scope: Scope) -> Lines:
    """Return a function whose calls depend on those before: a cell, a default that is kept, a cache."""
    name, inner_name = pen.fresh("fn"), pen.fresh("fn")
    forms: tuple[tuple[Lines, str], ...] = (
        (
            [
                f"def {name}():",
                f"    total = {expression(pen, scope.child(), 'int', 0)}",
                f"    def {inner_name}(v):",
                "        nonlocal total",
                "        total += v",
                "        return total",
                f"    return {inner_name}",
                "",
                f"{inner_name} = {name}()",
            ],
            inner_name,
        ),
        ([f"def {inner_name}(v, seen=[]):", "    seen.append(v)", "    return len(seen) + sum(seen)"], inner_name),
        (
            ["@functools.cache", f"def {inner_name}(v):", f"    return v + {expression(pen, scope, 'int', 1)}"],
            inner_name,
        ),
        ([f"{inner_name} = functools.partial(max, {expression(pen, scope, 'int', 1)})"], inner_name),
        (
            [f"{name} = [lambda v, w=w: v + w for w in (1, 2, 3)]", f"{inner_name} = {name}[-1]"],
            inner_name,
        ),
        ([f"{inner_name} = {{'a': abs, 'b': lambda v: v * 2}}[{pen.choices.pick(WORDS)!r}]"], inner_name),
    )
    lines, made = pen.choices.pick(forms)
    scope.functions.append(FunctionInfo(made, (Parameter("v", "int", "only"),), "int"))
    return lines


def nested_targets(pen: Pen, scope: Scope, depth: int, block: Block) -> Lines:
    """Return assignments and loops whose targets nest, with stars, swaps and walruses."""
    a, b, c = pen.fresh("v"), pen.fresh("v"), pen.fresh("v")
    forms: list[tuple[Lines, dict[str, str]]] = [
        (
            [f"{a}, ({b}, *{c}) = {expression(pen, scope, 'str')}, (3, *{expression(pen, scope, 'ints', 0)})"],
            {a: "str", b: "int", c: "ints"},
        ),
        (
            [f"{a}, {b} = {expression(pen, scope, 'int')}, {expression(pen, scope, 'int')}", f"{a}, {b} = {b}, {a}"],
            {a: "int", b: "int"},
        ),
        ([f"{a}, {b}, *{c} = {expression(pen, scope, 'str')} + 'xyz'"], {a: "str", b: "str", c: "strs"}),
        ([f"{a} = [{b} := {expression(pen, scope, 'int', 1)}, {b} + 1]"], {a: "ints", b: "int"}),
        (
            [f"[{a}, {b}] = {expression(pen, scope, 'iter', 1)}, {expression(pen, scope, 'table', 1)}"],
            {a: "iter", b: "table"},
        ),
        (
            [f"{a} = [{b} for q in {leaf(pen, scope, 'ints')} if ({b} := q * 2) > 2]", f"{b} = len({a})"],
            {a: "ints", b: "int"},
        ),
        (
            [f"{a} = {b} = {expression(pen, scope, 'ints')}", f"{b} += [7]", f"{c} = {a} is {b}"],
            {a: "ints", b: "ints", c: "bool"},
        ),
    ]
    if depth > 0 and pen.choices.chance(50):
        inner = scope.child(**{a: "int", b: "int", c: "str"})
        head = f"for {a}, ({b}, {c}) in enumerate({expression(pen, scope, 'pairs')}, 1):"
        return [head, *indented(block(pen, inner, 2, depth - 1))]
    lines, names = pen.choices.pick(forms)
    scope.define(**names)
    return lines
