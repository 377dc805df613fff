"""Statements at random: they change what is in scope, build experiments, and always end."""

from collections.abc import Callable

from tests.agreement import write_flow
from tests.agreement.scope import FunctionInfo, Parameter, Pen, Scope
from tests.agreement.texts_changes import CHANGES
from tests.agreement.write_expressions import KINDS, call, comprehension_of, condition, expression, instance
from tests.agreement.write_sweeps import write_sweep

Lines = list[str]
SIMPLE = (
    *("int", "str", "ints", "bool", "strs", "table", "float", "tuple", "pairs", "path"),
    *("iter", "counter", "groups", "when", "ints", "deque"),
)
RAISES = ("{}['none']", "int('x')", "[][1]", "1 // 0", "next(iter([]))", "(1).nothing", "Path(1)")
CAUGHT = ("KeyError", "ValueError", "(IndexError, TypeError)", "Exception", "LookupError", "ZeroDivisionError as e")


def indented(lines: Lines) -> Lines:
    """Return lines one level deeper."""
    return [f"    {line}" for line in lines]


def block(pen: Pen, scope: Scope, size: int, depth: int = 2) -> Lines:
    """Return some statements, at least one."""
    lines: Lines = []
    for _ in range(pen.choices.between(1, size)):
        lines.extend(statement(pen, scope, depth))
    return lines


def statement(pen: Pen, scope: Scope, depth: int) -> Lines:
    """Return a statement of one or more lines."""
    ways = (
        [*_FLAT, *(_build, _build, _build, _build_many, _build_many, _sweep, _sweep, _sweep)]
        if scope.experiments() and scope.may_build
        else _FLAT
    )
    if depth > 0:
        ways = [*ways, *_DEEP]
    return pen.choices.pick(ways)(pen, scope, depth)


def _define(pen: Pen, scope: Scope, _depth: int) -> Lines:
    kind = pen.choices.pick(SIMPLE)
    value = expression(pen, scope, kind)
    name = pen.fresh("v")
    scope.define(**{name: kind})
    annotation = ": object" if pen.choices.chance(6) else ""
    return [f"{name}{annotation} = {value}"]


def _redefine(pen: Pen, scope: Scope, depth: int) -> Lines:
    names = [(name, kind) for name, kind in scope.names.items() if kind in KINDS and name in scope.own]
    if not names:
        return _define(pen, scope, depth)
    name, kind = pen.choices.pick(names)
    return [f"{name} = {expression(pen, scope, kind)}"]


def _binds(change: str) -> bool:
    """Whether a change is an assignment to the name itself."""
    return "= " in change.replace("] =", "")


def _change(pen: Pen, scope: Scope, depth: int) -> Lines:
    """Change a container in place, or a number by an augmented assignment."""
    names = [(name, kind) for name, kind in scope.names.items() if kind in CHANGES]
    if not names:
        return _define(pen, scope, depth)
    name, kind = pen.choices.pick(names)
    ways = [w for w in CHANGES[kind].split("\n") if w and (name in scope.own or not _binds(w))]
    text = pen.choices.pick(ways or [None])
    if text is None:
        return _define(pen, scope, depth)
    slots = {k: f"({expression(pen, scope, k, 1)})" for k in KINDS if f"{{{k}}}" in text}
    return [text.format(x=name, **slots)]


def _alias(pen: Pen, scope: Scope, depth: int) -> Lines:
    names = [(name, kind) for name, kind in scope.names.items() if kind in {"ints", "strs", "table"}]
    if not names:
        return _define(pen, scope, depth)
    name, kind = pen.choices.pick(names)
    other = pen.fresh("v")
    scope.define(**{other: kind})
    return [f"{other} = {name}"]


def _unpack(pen: Pen, scope: Scope, _depth: int) -> Lines:
    a, b = pen.fresh("v"), pen.fresh("v")
    forms = (
        (f"{a}, {b} = {expression(pen, scope, 'int')}, {expression(pen, scope, 'str')}", "int", "str"),
        (f"{a}, *{b} = [{expression(pen, scope, 'int')}, *{expression(pen, scope, 'ints', 1)}]", "int", "ints"),
        (f"({a}, {b}), _ = ({expression(pen, scope, 'int')}, {expression(pen, scope, 'ints')}), 0", "int", "ints"),
        (f"{a}, {b} = divmod({expression(pen, scope, 'int')}, 5)", "int", "int"),
        (f"*{b}, {a} = ({expression(pen, scope, 'tuple', 1)} + (1,))", "int", "ints"),
        (f"{a} = {b} = {expression(pen, scope, 'ints')}", "ints", "ints"),
    )
    text, first, second = pen.choices.pick(forms)
    scope.define(**{a: first, b: second})
    return [text]


def _define_function(pen: Pen, scope: Scope, _depth: int) -> Lines:
    """A lambda, partial or closure that later statements may call."""
    name, kind = pen.fresh("fn"), pen.choices.pick(("int", "str", "ints"))
    inner = scope.child(v="int")
    if pen.choices.chance(30) and (known := [f for f in scope.functions if not f.is_generator and f.parameters]):
        function = pen.choices.pick(known)
        first = function.parameters[0]
        if first.style == "positional":
            given = f"{first.name}={expression(pen, scope, first.kind, 1)}"
            rest = tuple(
                Parameter(p.name, p.kind, "kwargs" if p.style == "kwargs" else "keyword", p.has_default)
                for p in function.parameters[1:]
                if p.style != "args"
            )
            scope.functions.append(FunctionInfo(name, rest, function.returns))
            return [f"{name} = functools.partial({function.name}, {given})"]
    body = expression(pen, inner, kind)
    scope.functions.append(FunctionInfo(name, (Parameter("v", "int"),), kind))
    if pen.choices.chance(50):
        return [f"{name} = lambda v: {body}"]
    return [f"def {name}(v):", f"    return {body}"]


def _build(pen: Pen, scope: Scope, _depth: int) -> Lines:
    cls = pen.choices.pick(scope.experiments())
    value = expression(pen, scope, cls.kind) if pen.choices.chance(40) else instance(pen, scope, cls, 2)
    if pen.choices.chance(40):
        return [value]
    name = pen.fresh("x")
    scope.define(**{name: cls.kind})
    return [f"{name} = {value}"]


def _build_many(pen: Pen, scope: Scope, _depth: int) -> Lines:
    cls = pen.choices.pick(scope.experiments())
    forms = pen.choices.below(5)
    if forms == 0:
        return [f"{pen.fresh('xs')} = {comprehension_of(pen, scope, cls)}"]
    name, loop = pen.fresh("xs"), pen.fresh("x")
    if forms == 1:
        inner = scope.child(v="int")
        body = indented([f"{name}.append({instance(pen, inner, cls, 1)})"])
        return [f"{name} = []", f"for v in {expression(pen, scope, 'ints')}:", *body]
    if forms == 2:
        lines = [f"{name} = {comprehension_of(pen, scope, cls)}", f"for {loop} in {name}:"]
        inner = scope.child(**{loop: cls.kind})
        return [*lines, *indented([instance(pen, inner, pen.choices.pick(scope.experiments()), 2)])]
    if forms == 3 and (makers := [f for f in scope.functions if f.is_generator]):
        function = pen.choices.pick(makers)
        made = call(pen, scope, function, 1)
        ways = (f"{name} = list({made})", f"next({made}, None)", f"for {loop} in {made}:")
        text = pen.choices.pick(ways)
        return [text, *(["    break" if pen.choices.chance(40) else "    pass"] if text.endswith(":") else [])]
    inner = scope.child(w="str")
    return [f"{name} = {{w: {instance(pen, inner, cls, 1)} for w in {expression(pen, scope, 'strs')}}}"]


def _if(pen: Pen, scope: Scope, depth: int) -> Lines:
    lines = [f"if {condition(pen, scope)}:", *indented(block(pen, scope.child(), 2, depth - 1))]
    if pen.choices.chance(25):
        lines += [f"elif {condition(pen, scope)}:", *indented(block(pen, scope.child(), 2, depth - 1))]
    if pen.choices.chance(50):
        lines += ["else:", *indented(block(pen, scope.child(), 2, depth - 1))]
    return lines


def _for(pen: Pen, scope: Scope, depth: int) -> Lines:
    v, w = pen.fresh("i"), pen.fresh("j")
    numbers = expression(pen, scope, "ints")
    # A loop over a list that its body appends to never ends.
    numbers = f"{numbers}[:]" if numbers.isidentifier() else numbers
    heads: tuple[tuple[str, dict[str, str]], ...] = (
        (f"for {v} in {numbers}:", {v: "int"}),
        (f"for {v}, {w} in zip({numbers}, {expression(pen, scope, 'strs')}):", {v: "int", w: "str"}),
        (f"for {v}, {w} in enumerate({expression(pen, scope, 'strs')}):", {v: "int", w: "str"}),
        (f"for {w}, {v} in {expression(pen, scope, 'table', 0)}.items():", {v: "int", w: "str"}),
        (f"for {v} in range({pen.choices.between(0, 4)}):", {v: "int"}),
        (f"for {w} in sorted({expression(pen, scope, 'strs')}):", {w: "str"}),
        (f"for {v} in ({expression(pen, scope, 'int')} + q for q in {expression(pen, scope, 'ints', 0)}):", {v: "int"}),
    )
    text, names = pen.choices.pick(heads)
    inner = scope.child(**names)
    body = block(pen, inner, 2, depth - 1)
    if pen.choices.chance(30):
        exit_ = pen.choices.pick(("continue", "break"))
        body += [f"if {condition(pen, inner)}:", f"    {exit_}", *block(pen, inner, 1, 0)]
    lines = [text, *indented(body)]
    if pen.choices.chance(10):
        lines += ["else:", *indented(block(pen, scope.child(), 1, 0))]
    return lines


def _while(pen: Pen, scope: Scope, depth: int) -> Lines:
    counter = pen.fresh("k")
    inner = scope.child(**{counter: "int"})
    inner.own.discard(counter)  # or the loop may never end
    body = block(pen, inner, 2, depth - 1)
    if pen.choices.chance(30):
        body += [f"if {condition(pen, inner)}:", "    break"]
    start = pen.choices.between(1, 3)
    return [f"{counter} = {start}", f"while {counter}:", f"    {counter} -= 1", *indented(body)]


def _try(pen: Pen, scope: Scope, depth: int) -> Lines:
    body = block(pen, scope.child(), 2, depth - 1)
    if pen.choices.chance(60):
        body += [pen.choices.pick(RAISES), *block(pen, scope.child(), 1, 0)]
    elif pen.choices.chance(40):
        body += [f"raise {pen.choices.pick(('KeyError', 'ValueError', 'TypeError'))}('no')"]
    lines = ["try:", *indented(body)]
    for caught in dict.fromkeys(pen.choices.pick(CAUGHT) for _ in range(pen.choices.between(1, 2))):
        lines += [f"except {caught}:", *indented(block(pen, scope.child(), 2, depth - 1))]
    lines += ["except Exception:", *indented(block(pen, scope.child(), 1, 0))]
    if pen.choices.chance(25):
        lines += ["else:", *indented(block(pen, scope.child(), 1, 0))]
    if pen.choices.chance(25):
        lines += ["finally:", *indented(block(pen, scope.child(), 1, 0))]
    return lines


def _match(pen: Pen, scope: Scope, depth: int) -> Lines:
    v, w = pen.fresh("i"), pen.fresh("j")
    forms: tuple[tuple[str, tuple[tuple[str, dict[str, str]], ...]], ...] = (
        ("int", (("0 | 1", {}), ("2", {}), (f"int() as {v} if {v} > 4", {v: "int"}))),
        ("str", (('"a"', {}), ('"red" | "x"', {}), (f"str({v})", {v: "str"}))),
        ("ints", (("[]", {}), (f"[{v}]", {v: "int"}), (f"[{v}, *{w}]", {v: "int", w: "ints"}))),
        ("tuple", (("()", {}), (f"({v}, _)", {v: "int"}))),
        ("table", (('{"a": 1}', {}), (f'{{"x": {v}}}', {v: "int"}))),
        ("bool", (("True", {}),)),
    )
    kind, cases = pen.choices.pick(forms)
    lines = [f"match {expression(pen, scope, kind)}:"]
    for pattern, names in cases:
        lines += [f"    case {pattern}:", *indented(indented(block(pen, scope.child(**names), 1, depth - 1)))]
    return [*lines, "    case _:", *indented(indented(block(pen, scope.child(), 1, depth - 1)))]


def _walrus(pen: Pen, scope: Scope, depth: int) -> Lines:
    name = pen.fresh("v")
    head = f"if ({name} := {expression(pen, scope, 'int')}) > {expression(pen, scope, 'int', 1)}:"
    scope.define(**{name: "int"})
    return [head, *indented(block(pen, scope.child(), 2, depth - 1))]


def _holder(pen: Pen, scope: Scope, depth: int) -> Lines:
    change = write_flow.change_holder if pen.choices.chance(60) else write_flow.make_holder
    return change(pen, scope) or write_flow.make_holder(pen, scope) or _define(pen, scope, depth)


def _in_parts(pen: Pen, scope: Scope, depth: int) -> Lines:
    if pen.choices.chance(40):
        return write_flow.number_generator(pen, scope, block)
    return write_flow.read_in_parts(pen, scope, depth, block)


def _closure(pen: Pen, scope: Scope, _depth: int) -> Lines:
    return write_flow.closure_with_state(pen, scope)


def _nested(pen: Pen, scope: Scope, depth: int) -> Lines:
    return write_flow.nested_targets(pen, scope, depth, block)


def _with(pen: Pen, scope: Scope, depth: int) -> Lines:
    return write_flow.with_statement(pen, scope, depth, block)


def _sweep(pen: Pen, scope: Scope, _depth: int) -> Lines:
    return write_sweep(pen, scope)


_FLAT: list[Callable[[Pen, Scope, int], Lines]] = [
    *(_define, _define, _redefine, _change, _change, _alias, _unpack, _define_function),
    *(_define, _change, _holder, _holder, _in_parts, _in_parts, _closure, _nested),
]
_DEEP: list[Callable[[Pen, Scope, int], Lines]] = [_if, _if, _for, _for, _while, _try, _match, _walrus, _with]
