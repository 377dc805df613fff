"""Expressions of a kind, at random: each of a table of ways to write one."""

from collections.abc import Callable, Mapping

from tests.agreement.scope import CHANGING, PLAIN, SCALARS, ClassInfo, FunctionInfo, Pen, Scope
from tests.agreement.texts import TEXTS
from tests.agreement.texts_library import TEXTS as LIBRARY

Way = Callable[[Pen, Scope, int], str]
WORDS = ("a", "b-c", "red", "sgd", "adam_w", "x1", "deep", "Abc")
NUMBERS = ("0", "1", "2", "3", "5", "8", "13", "-1", "0x10", "1_000", "64")
FLOATS = ("0.1", "1.0", "1e-3", "3e-4", "2.5", "0.0", "1e16", "-0.5")
UNKNOWN_CONDITIONS = (
    'os.environ.get("U{bit}") == "1"',
    'int(os.environ["U{bit}"]) > 0',
    'os.environ["U{bit}"] != "0"',
    'os.getenv("U{bit}", "0") == "1"',
)
UNKNOWN_VALUES: Mapping[str, tuple[str, ...]] = {
    "int": ("os.getpid()", 'int(os.environ["U3"])', "len(sys.argv)"),
    "str": ("platform.node()", 'os.environ["U3"]', 'os.environ.get("U3", "a")', "sys.argv[0]"),
    "float": ("time.time()", "random.random()"),
    "bool": ("os.path.exists(sys.argv[0])", '"U9" in os.environ'),
}


def expression(pen: Pen, scope: Scope, kind: str, depth: int = 2) -> str:
    """Return an expression of a kind; `depth` bounds how deep it nests."""
    names = scope.of_kind(kind)
    choices = pen.choices
    if pen.with_unknowns and scope.may_doubt and kind in UNKNOWN_VALUES and choices.chance(3):
        pen.has_unknown_values = True
        return choices.pick(UNKNOWN_VALUES[kind])
    if names and (depth <= 0 or choices.chance(45)):
        return choices.pick(names)
    if kind.partition(":")[0] in {"x", "c", "h"}:
        return instance(pen, scope, scope.classes[kind.partition(":")[2]], depth)
    if depth <= 0:
        return leaf(pen, scope, kind)
    if choices.chance(15) and (call := _call_of_kind(pen, scope, kind, depth - 1)):
        return call
    if choices.chance(12) and (read := _attribute_of_kind(pen, scope, kind)):
        return read
    if choices.chance(8):
        condition = expression(pen, scope, "bool", depth - 1)
        left, right = (expression(pen, scope, kind, depth - 1) for _ in range(2))
        return f"({left} if {condition} else {right})"
    ways = WAYS[kind]
    return choices.pick(ways)(pen, scope, depth - 1)


def leaf(pen: Pen, scope: Scope, kind: str) -> str:
    """Return a literal of a kind."""
    pick = pen.choices.pick
    match kind:
        case "int":
            return pick(NUMBERS)
        case "str":
            return f'"{pick(WORDS)}"'
        case "float":
            return pick(FLOATS)
        case "bool":
            return pick(("True", "False"))
        case "ints":
            return pick(("[1, 2]", "[]", "[3, 1, 2]", "[0]", "[5, 5, -1, 2]"))
        case "strs":
            return pick(('["a", "b"]', "[]", '["x"]', '["red", "sgd", "a"]'))
        case "table":
            return pick(('{"a": 1, "b": 2}', "{}", "dict(a=3)", '{"x": 0, "y": -1}'))
        case "tuple":
            return pick(("(1, 2)", "()", "(3,)", "(2, 0, 7)"))
        case "pairs":
            return pick(('[(1, "a"), (2, "b")]', "[]", '[(0, "x")]'))
        case "path":
            return pick(('Path("data")', 'Path("a/b.txt")', 'Path("/abs") / "x"', 'Path("a", "b", "c.tar.gz")'))
        case "set":
            return pick(("{1, 2, 3}", "set()", "{9, 1, 8}", "frozenset({5})"))
        case "iter":
            return pick(("iter([1, 2, 3])", "iter(())", "(v for v in (4, 5))", "iter(range(3))"))
        case "counter":
            return pick(('collections.Counter("aab")', "collections.Counter()", 'collections.Counter(["x", "red"])'))
        case "groups":
            return pick(("collections.defaultdict(list)", "collections.defaultdict(list, a=[1])"))
        case "deque":
            return pick(("collections.deque([1, 2], 3)", "collections.deque()"))
        case "when":
            return "datetime.datetime(2024, 1, 2, 3, tzinfo=datetime.timezone.utc)"
        case "mode":
            return f"{scope.enums[0]}.ONE" if scope.enums else "None"
        case _:
            return "None"


def condition(pen: Pen, scope: Scope, depth: int = 2) -> str:
    """Return a condition, which in a program with unknowns may be one."""
    if pen.with_unknowns and scope.may_doubt and len(pen.used_bits) < 3 and pen.choices.chance(30):
        bit = len(pen.used_bits)
        pen.used_bits.append(bit)
        return pen.choices.pick(UNKNOWN_CONDITIONS).format(bit=bit)
    return expression(pen, scope, "bool", depth)


def instance(pen: Pen, scope: Scope, cls: ClassInfo, depth: int) -> str:
    """Return a call that builds an instance of a class."""
    if cls.prefix == "x" and depth > 0:
        if cls.makers and pen.choices.chance(12):
            return f"{cls.name}.{pen.choices.pick(cls.makers)}({expression(pen, scope, 'int', depth - 1)})"
        others = scope.of_kind(cls.kind)
        if others and pen.choices.chance(20):
            return _replaced(pen, scope, cls, pen.choices.pick(others), depth)
    arguments: list[str] = []
    for info in cls.fields:
        if info.is_required or pen.choices.chance(50):
            value = expression(pen, scope, info.kind, depth - 1)
            arguments.append(value if cls.positional else f"{info.name}={value}")
        elif cls.positional:
            break
    if arguments and not cls.positional and pen.choices.chance(6):
        return f"{cls.name}(**dict({', '.join(arguments)}))"
    return f"{cls.name}({', '.join(arguments)})"


def _replaced(pen: Pen, scope: Scope, cls: ClassInfo, old: str, depth: int) -> str:
    changed = pen.choices.pick(cls.fields)
    if changed.name.startswith("_"):
        return f"huldra.chz.replace({old})"
    return f"huldra.chz.replace({old}, {changed.name}={expression(pen, scope, changed.kind, depth - 1)})"


def call(pen: Pen, scope: Scope, function: FunctionInfo, depth: int) -> str:
    """Return a call of a function that its signature allows."""
    arguments: list[str] = []
    is_keyword = False
    for parameter in function.parameters:
        if parameter.has_default and pen.choices.chance(40):
            is_keyword = True
            continue
        if parameter.style == "args":
            if not is_keyword:
                count = pen.choices.between(0, 2)
                arguments.extend(expression(pen, scope, parameter.kind, depth - 1) for _ in range(count))
                if pen.choices.chance(20):
                    arguments.append(f"*{expression(pen, scope, 'ints', depth - 1)}")
            is_keyword = True
        elif parameter.style == "kwargs":
            if pen.choices.chance(50):
                arguments.append(f"extra={expression(pen, scope, parameter.kind, depth - 1)}")
        else:
            value = expression(pen, scope, parameter.kind, depth - 1)
            may_name = parameter.style != "only"
            is_keyword = is_keyword or parameter.style == "keyword" or (may_name and pen.choices.chance(25))
            arguments.append(f"{parameter.name}={value}" if is_keyword else value)
    return f"{function.name}({', '.join(arguments)})"


def _call_of_kind(pen: Pen, scope: Scope, kind: str, depth: int) -> str | None:
    fitting = [f for f in scope.functions if f.returns == kind and not f.is_generator]
    return call(pen, scope, pen.choices.pick(fitting), depth) if fitting else None


def _attribute_of_kind(pen: Pen, scope: Scope, kind: str) -> str | None:
    """An attribute, property or method of an object in scope."""
    found: list[str] = []
    for name, have in scope.names.items():
        cls = scope.classes.get(have.partition(":")[2])
        if cls is not None:
            found.extend(f"{name}.{f.name}" for f in cls.fields if f.kind == kind and not f.name.startswith("__"))
            found.extend(f"{name}.{m.name}" for m in cls.methods if m.returns == kind)
            found.extend(text.format(o=name) for text, gives in cls.uses if gives == kind)
    return pen.choices.pick(found) if found else None


def wrapped(text: str) -> str:
    """Return an expression that can stand anywhere in another."""
    return f"({text})" if " " in text or text[0] in "-~" else text


def _template(text: str, **kinds: str) -> Way:
    """Return a way that fills the slots of a text: `"({a} + {b})", a="int", b="int"`."""

    def way(pen: Pen, scope: Scope, depth: int) -> str:
        # An f-string of Python 3.11 cannot hold quotes of its own kind, so its parts are names and literals.
        inner = 0 if "f'''" in text else depth
        return text.format(**{slot: wrapped(expression(pen, scope, kind, inner)) for slot, kind in kinds.items()})

    return way


def _over(text: str, source: str, bound: Mapping[str, str], element: str, test: bool = False) -> Way:
    """Return a way to write a comprehension: the element is written where the bound names can be seen."""

    def way(pen: Pen, scope: Scope, depth: int) -> str:
        inner = scope.child(**bound)
        condition = f" if {expression(pen, inner, 'bool', depth - 1)}" if test or pen.choices.chance(25) else ""
        return text.format(
            e=expression(pen, inner, element, depth), s=wrapped(expression(pen, scope, source, depth - 1)), c=condition
        )

    return way


def _enum_way(text: str) -> Way:
    def way(pen: Pen, scope: Scope, _depth: int) -> str:
        return text.format(M=pen.choices.pick(scope.enums)) if scope.enums else "None"

    return way


def _leaf_way(kind: str) -> Way:
    return lambda pen, scope, _depth: leaf(pen, scope, kind)


def comprehension_of(pen: Pen, scope: Scope, cls: ClassInfo) -> str:
    """Return an expression for a list of experiments of a class."""
    options: list[tuple[str, dict[str, str]]] = [
        ("[{e} for v in {ints}{c}]", {"v": "int"}),
        ("[{e} for v, w in zip({ints}, {strs}){c}]", {"v": "int", "w": "str"}),
        ("[{e} for v, w in enumerate({strs}){c}]", {"v": "int", "w": "str"}),
        ("[{e} for v in {ints} for w in {strs}{c}]", {"v": "int", "w": "str"}),
        ("[{e} for v, w in itertools.product({ints}[:3], {strs}[:2]){c}]", {"v": "int", "w": "str"}),
        ("[{e} for w, v in {table}.items(){c}]", {"v": "int", "w": "str"}),
        ("[{e} for v, w in {pairs}{c}]", {"v": "int", "w": "str"}),
        ("list({e} for v in {ints}{c})", {"v": "int"}),
        ("list(map(lambda v: {e}, {ints}))", {"v": "int"}),
        ("list({{w: {e} for w in {strs}{c}}}.values())", {"w": "str"}),
        ("[{e} for v, w in zip(range({i} % 4), reversed({strs}))]", {"v": "int", "w": "str"}),
        ("sorted([{e} for v in {ints}], key=lambda q: q.{f}, reverse=True)", {"v": "int"}),
        ("[{e} for v, w in itertools.combinations({ints}[:4], 2){c}]", {"v": "int", "w": "int"}),
    ]
    text, bound = pen.choices.pick(options)
    sortable = [f.name for f in cls.fields if f.kind in {"int", "str"} and not f.name.startswith("__")]
    if "{f}" in text and not sortable:
        text, bound = options[0]
    inner = scope.child(**bound)
    condition = f" if {expression(pen, inner, 'bool', 1)}" if pen.choices.chance(30) else ""
    slots = {k: f"({expression(pen, scope, k, 1)})" for k in ("ints", "strs", "table", "pairs") if f"{{{k}}}" in text}
    slots["i"] = expression(pen, scope, "int", 1) if "{i}" in text else ""
    slots["f"] = sortable[0] if sortable else ""
    return text.format(e=instance(pen, inner, cls, 2), c=condition, **slots)


_K = {"i": "int", "j": "int", "f": "float", "s": "str", "t": "str", "b": "bool", "c": "bool", "n": "ints", "m": "ints"}
_K2 = {"q": "strs", "d": "table", "u": "tuple", "p": "pairs", "h": "path", "k": "set", "z": "mode"}
_K3 = {"g": "iter", "o": "counter", "a": "groups", "w": "when", "r": "deque"}


def _ways(kind: str) -> list[Way]:
    kinds = {**_K, **_K2, **_K3}
    texts = f"{TEXTS.get(kind, '')}\n{LIBRARY.get(kind, '')}"
    return [
        _template(t, **{slot: kind for slot, kind in kinds.items() if f"{{{slot}}}" in t})
        for t in texts.split("\n")
        if t
    ]


WAYS: Mapping[str, list[Way]] = {
    "int": [
        *_ways("int"),
        _over("len([{e} for v in {s}{c}])", "ints", {"v": "int"}, "int"),
        _over("sum({e} for v, w in {s}{c})", "pairs", {"v": "int", "w": "str"}, "int"),
    ],
    "str": [*_ways("str"), _over("'+'.join({e} for w in {s}{c})[:14]", "strs", {"w": "str"}, "str")],
    "float": _ways("float"),
    "bool": [*_ways("bool"), _over("any({e} for v in {s}{c})", "ints", {"v": "int"}, "bool")],
    "ints": [
        *_ways("ints"),
        _over("[{e} for v in {s}{c}]", "ints", {"v": "int"}, "int"),
        _over("[{e} for v, w in {s}{c}]", "pairs", {"v": "int", "w": "str"}, "int"),
    ],
    "strs": [
        *_ways("strs"),
        _over("[{e} for w in {s}{c}]", "strs", {"w": "str"}, "str"),
        _over("[{e} for w, v in {s}.items(){c}]", "table", {"v": "int", "w": "str"}, "str"),
    ],
    "table": [*_ways("table"), _over("{{w: {e} for w in {s}{c}}}", "strs", {"w": "str"}, "int")],
    "tuple": [*_ways("tuple"), _over("tuple({e} for v in {s}{c})", "ints", {"v": "int"}, "int")],
    "pairs": _ways("pairs"),
    "path": [*_ways("path"), _leaf_way("path")],
    "set": [*_ways("set"), _leaf_way("set")],
    **{kind: _ways(kind) for kind in ("iter", "counter", "groups", "when", "deque")},
    "mode": [
        _enum_way("{M}.ONE"),
        _enum_way("{M}['TWO']"),
        _enum_way("{M}(1)"),
        _enum_way("list({M})[-1]"),
        _enum_way("{M}.ALIAS"),
        _enum_way("max({M}, key=lambda v: v.value)"),
        _enum_way("next(v for v in {M} if v.name != 'ONE')"),
        _enum_way("{M}.TWO"),
    ],
}
KINDS = (*PLAIN, *CHANGING, "path", "set", "when")
assert set(SCALARS) <= set(WAYS)


def call_with(pen: Pen, scope: Scope, cls: ClassInfo, made: str, text: str) -> str:
    """Return a call of what an expression gives, a class, in which one field is given by a text."""
    public = [field for field in cls.fields if not field.name.startswith("_")]
    chosen = pen.choices.pick(public) if public else None
    given = [
        f"{f.name}={text if f is chosen else expression(pen, scope, f.kind, 1)}"
        for f in cls.fields
        if f is chosen or f.is_required
    ]
    return f"{made}({', '.join(given)})"
