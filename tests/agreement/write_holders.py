"""Plain classes at random: dataclasses, named tuples, namespaces, models, those with `__init__`; their operators."""

from tests.agreement.scope import ClassInfo, FieldInfo, FunctionInfo, Pen, Scope
from tests.agreement.write_expressions import expression, leaf
from tests.agreement.write_statements import Lines, indented

KINDS = ("int", "str", "float", "ints")
ANNOTATIONS = {"int": "int", "str": "str", "float": "float", "ints": "list[int]"}
IMMUTABLE = {"int", "str", "float"}

OPERATORS: tuple[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], ...] = (
    (
        ("def __add__(self, other):", "    return type(self)(self.h0, other.h1)"),
        (("({o} + {o}).h1", "1"), ("({o} + {o}).h0", "0")),
    ),
    (
        ("def __mul__(self, n):", "    return [self.h0, n]", "", "__rmul__ = __mul__"),
        (("len({o} * 2)", "int"), ("(3 * {o})[1]", "int")),
    ),
    (
        ("def __eq__(self, other):", "    return isinstance(other, type(self)) and self.h0 == other.h0"),
        (("({o} == {o})", "bool"), ("({o} != 3)", "bool"), ("({o} in [1, {o}])", "bool")),
    ),
    (
        ("def __lt__(self, other):", "    return str(self.h0) < str(other.h0)"),
        (("({o} < {o})", "bool"), ("sorted([{o}, {o}])[0].h0", "0"), ("max({o}, {o}).h1", "1")),
    ),
    (("def __len__(self):", "    return len(str(self.h0))"), (("len({o})", "int"), ("bool({o})", "bool"))),
    (
        ("def __getitem__(self, index):", "    return [self.h0, self.h1][index]"),
        (("{o}[0]", "0"), ("{o}[-1]", "1")),
    ),
    (
        ("def __iter__(self):", "    yield 1", "    yield from range(2)", "    yield len(str(self.h0))"),
        (("sum({o})", "int"), ("list({o})", "ints"), ("tuple({o})", "tuple"), ("iter({o})", "iter")),
    ),
    (("def __call__(self, n=2):", "    return n + len(str(self.h1))"), (("{o}(5)", "int"), ("{o}()", "int"))),
    (("def __str__(self):", "    return f'<{self.h0}>'"), (("str({o})", "str"), ("f'{{{o}}}'", "str"))),
    (("def __repr__(self):", "    return f'H({self.h1!r})'"), (("repr({o})", "str"), ("f'{{{o}!r:>9}}'", "str"))),
    (("def __contains__(self, n):", "    return n == self.h0"), (("(2 in {o})", "bool"), ("(2 not in {o})", "bool"))),
    (("def __bool__(self):", "    return bool(self.h0)"), (("bool({o})", "bool"), ("(1 if {o} else 2)", "int"))),
    (("def __neg__(self):", "    return len(str(self.h0))"), (("-{o}", "int"),)),
    (("@property", "def both(self):", "    return (self.h0, self.h1)"), (("{o}.both[0]", "0"), ("{o}.both[1]", "1"))),
    (("@staticmethod", "def fixed(n=4):", "    return n + 1"), (("{o}.fixed()", "int"), ("{c}.fixed(2)", "int"))),
    (("@classmethod", "def made(cls, *given):", "    return cls(*given)"), (("{c}.made().h0", "0"),)),
    (("LIMITS = [1, 2]",), (("{o}.LIMITS[0]", "int"), ("len({c}.LIMITS)", "int"))),
    (
        ("def __enter__(self):", "    return self.h0", "", "def __exit__(self, *given):", "    return False"),
        (("{o}.__enter__()", "0"),),
    ),
)
GROWS = ("def grow(self, n=1):", "    self.h0 = self.h0 * 2", "    return self")
AFTER = ("def __post_init__(self):", "    self.h2 = [self.h0, self.h1]")


def write_holder(pen: Pen, scope: Scope) -> Lines:
    """Return a plain class that holds values in one of the forms in which people write them."""
    kinds = (pen.choices.pick(KINDS), pen.choices.pick(KINDS))
    form = pen.choices.pick(
        (_plain, _dataclass, _named_tuple, _chz, _plain, _dataclass, _namespace, _made_tuple, _model, _derived)
    )
    quiet = scope.child()
    quiet.may_build = quiet.may_doubt = False
    return form(pen, scope, quiet, kinds)


def _fields(kinds: tuple[str, str], *, immutable: bool = False) -> tuple[FieldInfo, ...]:
    return tuple(
        FieldInfo(f"h{number}", kind if kind in IMMUTABLE or not immutable else "int")
        for number, kind in enumerate(kinds)
    )


def _operators(
    pen: Pen, name: str, fields: tuple[FieldInfo, ...], most: int = 3
) -> tuple[Lines, list[tuple[str, str]]]:
    lines: Lines = []
    uses: list[tuple[str, str]] = []
    chosen = {pen.choices.below(len(OPERATORS)) for _ in range(pen.choices.between(0, most))}
    for number in sorted(chosen):
        code, gives = OPERATORS[number]
        lines += [*code, ""]
        uses += [
            (text.replace("{c}", name), fields[int(kind)].kind if kind.isdigit() else kind) for text, kind in gives
        ]
    return lines, uses


def _plain(pen: Pen, scope: Scope, quiet: Scope, kinds: tuple[str, str]) -> Lines:
    name, fields = pen.fresh("Holder"), _fields(kinds)
    operators, uses = _operators(pen, name, fields)
    parameters = "".join(f", {f.name}={expression(pen, quiet, f.kind, 1)}" for f in fields)
    stores = [f"self.{f.name} = {f.name}" for f in fields]
    if pen.choices.chance(20):
        stores = [f"for name, value in [{', '.join(f'({f.name!r}, {f.name})' for f in fields)}]:"]
        stores += ["    setattr(self, name, value)"]
    methods: tuple[FunctionInfo, ...] = ()
    if kinds[0] != "float" and pen.choices.chance(40):
        operators += [*GROWS, ""]
        methods = (FunctionInfo("grow().h0", (), kinds[0]), FunctionInfo("grow(2).h1", (), kinds[1]))
    uses += [("vars({o})['h0']", kinds[0])] if pen.choices.chance(20) else []
    scope.classes[name] = ClassInfo(name, "h", fields, methods, uses=tuple(uses), changes=_changes(fields))
    body = [f"def __init__(self{parameters}):", *indented(stores), "", *operators]
    return [f"class {name}:", *indented(body), ""]


def _changes(fields: tuple[FieldInfo, ...]) -> tuple[str, ...]:
    changes = [f"{{o}}.{f.name} = {{{f.kind}}}" for f in fields]
    changes += [f"{{o}}.{f.name}.append({{int}})" for f in fields if f.kind == "ints"]
    changes += [f"{{o}}.{f.name} += {{{f.kind}}}" for f in fields]
    changes += [f"setattr({{o}}, {f.name!r}, {{{f.kind}}})" for f in fields]
    return tuple(changes)


def _dataclass(pen: Pen, scope: Scope, quiet: Scope, kinds: tuple[str, str]) -> Lines:
    name, fields = pen.fresh("Holder"), _fields(kinds)
    head = pen.choices.pick(
        (
            *("@dataclasses.dataclass", "@dataclasses.dataclass(order=True)", "@dataclasses.dataclass(frozen=True)"),
            *("@dataclasses.dataclass(slots=False, eq=True)", "@dataclasses.dataclass(kw_only=True)"),
        )
    )
    is_frozen, by_keyword = "frozen" in head, "kw_only" in head
    operators, uses = ([], []) if by_keyword or "order" in head else _operators(pen, name, fields)
    body: Lines = []
    for field in fields:
        value = expression(pen, quiet, field.kind, 1)
        if field.kind == "ints":
            value = f"dataclasses.field(default_factory=lambda: {value})"
        body.append(f"{field.name}: object = {value}")
    if not is_frozen and pen.choices.chance(20):
        body += ["", *AFTER]
    else:
        changed = f"dataclasses.replace({{o}}, h0={leaf(pen, quiet, kinds[0])})"
        uses += [(f"{changed}.h1", kinds[1]), (f"{changed}.h0", kinds[0]), ("dataclasses.astuple({o})[0]", kinds[0])]
    uses += [("dataclasses.asdict({o})['h1']", kinds[1]), ("str(list(dataclasses.asdict({o})))", "str")]
    uses += [("repr({o})", "str"), ("({o} == {o})", "bool")] if not operators else []
    changes = () if is_frozen else _changes(fields)
    positional = not by_keyword and pen.choices.chance(40)
    scope.classes[name] = ClassInfo(name, "h", fields, (), (), positional, tuple(uses), changes)
    return [head, f"class {name}:", *indented([*body, "", *operators]), ""]


def _named_tuple(pen: Pen, scope: Scope, quiet: Scope, kinds: tuple[str, str]) -> Lines:
    name, fields = pen.fresh("Holder"), _fields(kinds, immutable=True)
    body = [f"{f.name}: object = {expression(pen, quiet, f.kind, 1)}" for f in fields]
    if pen.choices.chance(30):
        body += ["", "@property", "def both(self):", "    return [self.h0, self.h1]"]
    scope.classes[name] = ClassInfo(
        name, "h", fields, (), (), pen.choices.chance(40), _tuple_uses(pen, quiet, fields, name)
    )
    return [f"class {name}(typing.NamedTuple):", *indented(body), ""]


def _tuple_uses(pen: Pen, quiet: Scope, fields: tuple[FieldInfo, ...], name: str) -> tuple[tuple[str, str], ...]:
    first, second = (field.kind for field in fields)
    return (
        (f"{{o}}._replace(h0={leaf(pen, quiet, first)}).h0", first),
        ("{o}._asdict()['h1']", second),
        ("{o}[1]", second),
        ("str([*{o}])", "str"),
        ("(lambda v, w: w)(*{o})", second),
        ("len({o})", "int"),
        (f"{name}._make([1, 2]).h1", "int"),
        ("','.join({o}._fields)", "str"),
        ("({o} == {o})", "bool"),
        ("({o} + (1,))[-1]", "int"),
    )


def _made_tuple(pen: Pen, scope: Scope, quiet: Scope, kinds: tuple[str, str]) -> Lines:
    name, fields = pen.fresh("Holder"), _fields(kinds, immutable=True)
    defaults = ", ".join(expression(pen, quiet, f.kind, 1) for f in fields)
    uses = _tuple_uses(pen, quiet, fields, name)
    scope.classes[name] = ClassInfo(name, "h", fields, (), (), pen.choices.chance(40), uses)
    return [f'{name} = collections.namedtuple("{name}", "h0 h1", defaults=({defaults}))', ""]


def _namespace(pen: Pen, scope: Scope, quiet: Scope, kinds: tuple[str, str]) -> Lines:
    name, fields = pen.fresh("holder"), _fields(kinds)
    parameters = ", ".join(f"{f.name}={expression(pen, quiet, f.kind, 1)}" for f in fields)
    uses = (("vars({o})['h0']", kinds[0]), ("({o} == {o})", "bool"), ("getattr({o}, 'h1')", kinds[1]))
    scope.classes[name] = ClassInfo(name, "h", fields, uses=uses, changes=_changes(fields))
    return [f"def {name}({parameters}):", "    return types.SimpleNamespace(h0=h0, h1=h1)", ""]


def _model(pen: Pen, scope: Scope, quiet: Scope, kinds: tuple[str, str]) -> Lines:
    name, fields = pen.fresh("Holder"), _fields(kinds)
    body = [f"{f.name}: {ANNOTATIONS[f.kind]} = {expression(pen, quiet, f.kind, 0)}" for f in fields]
    changed = f"{{o}}.model_copy(update={{{{'h0': {leaf(pen, quiet, kinds[0])}}}}})"
    uses = (
        (f"{changed}.h1", kinds[1]),
        (f"{changed}.h0", kinds[0]),
        ("{o}.model_dump()['h1']", kinds[1]),
        ("{o}.model_dump(exclude={{'h0'}})['h1']", kinds[1]),
        ("str(list({o}.model_dump(include={{'h0'}})))", "str"),
        ("({o} == {o})", "bool"),
        ("{o}.model_copy().h0", kinds[0]),
    )
    # A field that has been assigned to is not validated again.
    scope.classes[name] = ClassInfo(name, "h", fields, uses=uses, changes=_changes(fields))
    return [f"class {name}(pydantic.BaseModel):", *indented(body), ""]


def _chz(pen: Pen, scope: Scope, quiet: Scope, kinds: tuple[str, str]) -> Lines:
    name, fields = pen.fresh("Holder"), _fields(kinds, immutable=True)
    body = [f"{f.name}: object = {expression(pen, quiet, f.kind, 1)}" for f in fields]
    scope.classes[name] = ClassInfo(name, "c", fields)
    return ["@huldra.chz.chz", f"class {name}:", *indented(body), ""]


def _derived(pen: Pen, scope: Scope, quiet: Scope, kinds: tuple[str, str]) -> Lines:
    """A class derived from one with an `__init__`, which it calls."""
    parents = [c for c in scope.classes.values() if c.prefix == "h" and c.changes and c.name.startswith("Holder")]
    parents = [c for c in parents if not c.positional and "init" in c.makers]
    if not parents:
        lines = _plain(pen, scope, quiet, kinds)
        name = next(reversed(scope.classes))
        old = scope.classes[name]
        scope.classes[name] = ClassInfo(name, "h", old.fields, old.methods, ("init",), False, old.uses, old.changes)
        return lines
    parent = pen.choices.pick(parents)
    name = pen.fresh("Holder")
    operators, uses = _operators(pen, name, parent.fields, 2)
    first = parent.fields[0]
    body = [
        f"def __init__(self, h0={expression(pen, quiet, first.kind, 1)}, **rest):",
        "    super().__init__(h0=h0, **rest)",
        "    self.h3 = 3",
        "",
        *operators,
    ]
    fields = (*parent.fields,)
    scope.classes[name] = ClassInfo(name, "h", fields, parent.methods, ("init",), False, tuple(uses), parent.changes)
    return [f"class {name}({parent.name}):", *indented(body), ""]
