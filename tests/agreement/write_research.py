"""Statements at random in the forms of research code: registries, enums with methods, managers, guards, decorators.

Each is whole by itself: what it defines, it uses.
"""

from tests.agreement.scope import ClassInfo, Pen, Scope
from tests.agreement.write_expressions import call_with, condition, expression, instance

Lines = list[str]


def write_research(pen: Pen, scope: Scope) -> Lines:
    """Return definitions and uses in one of the forms; they may build experiments."""
    ways = (_enum, _manager, _guard, _wrapped, _registry, _tagged, _asked, _lookup, _class_match, _moment, _validated)
    if pen.with_unknowns and scope.may_doubt:
        ways = (*ways, _unknown_replaced, _unknown_guard)
    return pen.choices.pick(ways)(pen, scope)


def _cls(pen: Pen, scope: Scope) -> ClassInfo:
    return pen.choices.pick(scope.experiments())


def _enum(pen: Pen, scope: Scope) -> Lines:
    """A StrEnum or IntEnum with methods, a second name for a member, and its members as keys and values."""
    name, table, cls = pen.fresh("Kind"), pen.fresh("kinds"), _cls(pen, scope)
    base, one, two = pen.choices.pick(
        (
            ("enum.StrEnum", "enum.auto()", '"b-x"'),
            ("enum.IntEnum", "4", "enum.auto()"),
            ("str, enum.Enum", '"one"', '"two"'),
            ("enum.Enum", "(1, 2)", '"two"'),
        )
    )
    text = pen.choices.pick(
        ("def __str__(self):", "@property", "@classmethod", "@staticmethod"),
    )
    body = {
        "def __str__(self):": ["def __str__(self):", "    return self.name.lower()"],
        "@property": ["@property", "def label(self):", "    return f'{self.name}-{self.value}'"],
        "@classmethod": ["@classmethod", "def label(cls):", "    return [one.name for one in cls]"],
        "@staticmethod": ["@staticmethod", "def label(n=2):", "    return n + 1"],
    }[text]
    label = "str(kind)" if text.startswith("def") else f"{name}.label()" if "@p" not in text else "kind.label"
    uses = pen.choices.pick(
        (label, "kind", "(kind, number)", f"{{kind: {name}.ALSO}}", "kind.value", "f'{kind}'", "f'{kind!r}'", "[kind]")
    )
    return [
        f"class {name}({base}):",
        *(f"    {line}" for line in (f"ONE = {one}", f"TWO = {two}", "ALSO = TWO", "", *body)),
        f"{table} = {{{name}.ONE: 1, {name}.TWO: {expression(pen, scope, 'int', 1)}}}",
        f"for kind, number in {table}.items():",
        f"    {call_with(pen, scope, cls, cls.name, uses)}",
        call_with(pen, scope, cls, cls.name, f"{table}[{name}({name}.TWO.value)]"),
    ]


def _manager(pen: Pen, scope: Scope) -> Lines:
    """A context manager made of a generator, which changes something for as long as the body runs."""
    name, state, cls = pen.fresh("manager"), pen.fresh("state"), _cls(pen, scope)
    caught = pen.choices.pick(("finally:", "except KeyError:", "except Exception:"))
    body = call_with(pen, scope, cls, cls.name, f"(inside, list({state}))")
    raises = ["    {}['none']", f"    {call_with(pen, scope, cls, cls.name, '1')}"] if pen.choices.chance(40) else []
    tried = [f"with {name}({expression(pen, scope, 'int', 1)}) as inside:", f"    {body}", *raises]
    if caught == "finally:" and raises:
        tried = ["try:", *(f"    {line}" for line in tried), "except KeyError:", f"    {state}.append(9)"]
    return [
        f"{state} = [1]",
        "@contextlib.contextmanager",
        f"def {name}(value, /, more=2):",
        f"    {state}.append(value)",
        "    try:",
        "        yield value + more",
        f"    {caught}",
        f"        {state}.pop()",
        *tried,
        call_with(pen, scope, cls, cls.name, f"list({state})"),
    ]


def _guard(pen: Pen, scope: Scope) -> Lines:
    """A function that knows some names and raises at the rest."""
    name, cls = pen.fresh("pick"), _cls(pen, scope)
    made = instance(pen, scope.inside_function(), cls, 1)
    asked = pen.choices.pick(('"a"', '"b"', '"c"', expression(pen, scope, "str", 1)))
    return [
        f"def {name}(key):",
        '    if key == "a":',
        f"        return {made}",
        '    for other in ("b", "c"):',
        "        if key != other:",
        "            continue",
        f"        return {call_with(pen, scope, cls, cls.name, 'other')}",
        "    raise KeyError(key)",
        "try:",
        f"    {name}({asked})",
        "except KeyError:",
        f"    {call_with(pen, scope, cls, cls.name, '0')}",
    ]


def _wrapped(pen: Pen, scope: Scope) -> Lines:
    """A decorator of the project's, with `functools.wraps`."""
    mark, name, cls = pen.fresh("mark"), pen.fresh("made"), _cls(pen, scope)
    calls = pen.fresh("calls")
    return [
        f"{calls} = []",
        f"def {mark}(function):",
        "    @functools.wraps(function)",
        "    def inner(*given, **named):",
        f"        {calls}.append(len(given))",
        "        return function(*given, **named)",
        "    return inner",
        f"@{mark}",
        f"def {name}(number=3, *more, **rest):",
        f"    return {call_with(pen, scope, cls, cls.name, '(number, more, rest)')}",
        f"{name}({expression(pen, scope, 'int', 1)}, 2, extra={expression(pen, scope, 'str', 1)})",
        f"{name}()",
        call_with(pen, scope, cls, cls.name, f"list({calls})"),
    ]


def _registry(pen: Pen, scope: Scope) -> Lines:
    """Classes that enter themselves into a table as they are made."""
    base, cls = pen.fresh("Part"), _cls(pen, scope)
    one, two = f"{base}One", f"{base}Two"
    return [
        f"class {base}:",
        "    known = {}",
        "    size = 1",
        "    def __init_subclass__(cls, **named):",
        "        super().__init_subclass__(**named)",
        f"        {base}.known[cls.__name__.lower()] = cls",
        "    def __init__(self, weight=2):",
        "        self.weight = weight",
        f"class {one}({base}):",
        f"    size = {expression(pen, scope, 'int', 1)}",
        f"class {two}({one}):",
        "    def __init__(self, **named):",
        "        super().__init__(**named)",
        "        self.weight += 1",
        f"for name, part in sorted({base}.known.items()):",
        f"    {call_with(pen, scope, cls, cls.name, '(name, part.size, part(weight=5).weight)')}",
    ]


def _tagged(pen: Pen, scope: Scope) -> Lines:
    """A class decorator that keeps what it is given, and says something of it."""
    name, table, cls = pen.fresh("tagged"), pen.fresh("classes"), _cls(pen, scope)
    made = pen.fresh("Part")
    return [
        f"{table} = {{}}",
        f"def {name}(tag, **options):",
        "    def keep(cls):",
        f"        {table}[tag] = cls",
        "        cls.tag = tag",
        "        cls.options = options",
        "        return cls",
        "    return keep",
        f"@{name}({expression(pen, scope, 'str', 1)}, n=1)",
        f"class {made}:",
        "    n = 4",
        f"for tag, part in {table}.items():",
        f"    {call_with(pen, scope, cls, cls.name, '(tag, part.tag, part.n, part.options)')}",
    ]


def _asked(pen: Pen, scope: Scope) -> Lines:
    """What a holder says of itself."""
    holder, cls = pen.fresh("Part"), _cls(pen, scope)
    text = pen.choices.pick(
        ("vars(part)", "part.both", "sorted(vars(part))", "part.changed(5).both", "dataclasses.asdict(part)")
    )
    return [
        "@dataclasses.dataclass",
        f"class {holder}:",
        "    a: int = 1",
        "    b: list = dataclasses.field(default_factory=lambda: [2])",
        "    def __post_init__(self):",
        "        self.a += len(self.b)",
        "        if self.a > 3:",
        "            self.b = self.b[:1]",
        "    @property",
        "    def both(self):",
        "        return (self.a, *self.b)",
        "    def changed(self, a):",
        "        return dataclasses.replace(self, a=a)",
        f"part = {holder}(b=({expression(pen, scope, 'ints', 1)})[:4])",
        call_with(pen, scope, cls, cls.name, text),
    ]


def _lookup(pen: Pen, scope: Scope) -> Lines:
    """Constants of a class, read by name."""
    holder, cls = pen.fresh("Part"), _cls(pen, scope)
    return [
        f"class {holder}:",
        f"    SMALL = {expression(pen, scope, 'int', 1)}",
        "    LARGE = SMALL * 2 + 1",
        "    names = ('SMALL', 'LARGE')",
        f"for name in {holder}.names:",
        f"    {call_with(pen, scope, cls, cls.name, f'getattr({holder}, name)')}",
    ]


def _class_match(pen: Pen, scope: Scope) -> Lines:
    """A match by class, with what it holds."""
    holder, cls = pen.fresh("Part"), _cls(pen, scope)
    return [
        f"{holder} = collections.namedtuple({holder!r}, 'a b')",
        f"for part in [{holder}(1, {expression(pen, scope, 'str', 1)}), (3,), {{'a': 4}}, 'text', 2.5]:",
        "    match part:",
        f"        case {holder}(a=1, b=kept):",
        f"            {call_with(pen, scope, cls, cls.name, 'kept')}",
        "        case (number,) if number > 2:",
        f"            {call_with(pen, scope, cls, cls.name, 'number')}",
        "        case {'a': int(number), **rest}:",
        f"            {call_with(pen, scope, cls, cls.name, '[number, rest]')}",
        "        case str() | float() as kept:",
        f"            {call_with(pen, scope, cls, cls.name, '{0: kept}')}",
    ]


def _moment(pen: Pen, scope: Scope) -> Lines:
    """A moment without a zone, which hashes by the local time, and what is made of it."""
    cls = _cls(pen, scope)
    text = pen.choices.pick(
        (
            *("moment", "moment.isoformat()", "moment.replace(tzinfo=datetime.timezone.utc)", "moment.year"),
            *("str(moment.date())", "[moment.month, moment.hour]", "moment.date() < datetime.date(2025, 1, 1)"),
        )
    )
    return ["moment = datetime.datetime(2024, 5, 6, 7)", call_with(pen, scope, cls, cls.name, text)]


def _validated(pen: Pen, scope: Scope) -> Lines:
    """A loop that ends with the first value that a check of the project's does not let through."""
    cls, name = _cls(pen, scope), pen.fresh("checked")
    number = expression(pen, scope, "int", 1)
    return [
        f"def {name}(number):",
        f"    made = {call_with(pen, scope, cls, cls.name, 'number')}",
        "    if number > 4:",
        "        raise ValueError(number)",
        "    return made",
        f"for number in (1, {number}, 9):",
        "    try:",
        f"        {name}(number)",
        "    except ValueError as error:",
        f"        {call_with(pen, scope, cls, cls.name, '(number, 0)')}",
        "        break",
    ]


def _unknown_replaced(pen: Pen, scope: Scope) -> Lines:
    """A variation of one of several experiments, nobody knows of which."""
    cls = _cls(pen, scope)
    numbers = [f for f in cls.fields if not f.name.startswith("_")]
    changed = "" if not numbers else f", {numbers[0].name}={expression(pen, scope, numbers[0].kind, 1)}"
    pen.has_unknown_values = True
    options = f"[{instance(pen, scope, cls, 1)}, {instance(pen, scope, cls, 1)}]"
    return [f"huldra.chz.replace({options}[int(time.time()) % 2]{changed})"]


def _unknown_guard(pen: Pen, scope: Scope) -> Lines:
    """A loop or function that some path leaves early while the rest raises."""
    cls, name = _cls(pen, scope), pen.fresh("guarded")
    test = condition(pen, scope)
    exit_ = pen.choices.pick(("return 1", "break", "continue"))
    lines = [
        f"def {name}():",
        "    seen = []",
        "    for turn in range(2):",
        "        seen.append(turn)",
        f"        {call_with(pen, scope, cls, cls.name, '[*seen]')}",
        f"        if {test}:",
        f"            {exit_}",
        f"        {pen.choices.pick(('raise ValueError', 'break', 'continue', 'return 2', 'seen.append(5)'))}",
        f"    {call_with(pen, scope, cls, cls.name, '(0, *seen)')}",
        "    return seen",
        "try:",
        f"    {call_with(pen, scope, cls, cls.name, f'{name}()')}",
        "except ValueError:",
        f"    {call_with(pen, scope, cls, cls.name, '-1')}",
    ]
    if "        raise ValueError" not in lines:
        pen.has_unknown_values = True  # reading the condition could raise, as far as its text tells, and never does
    return lines
