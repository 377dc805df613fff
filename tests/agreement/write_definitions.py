"""Classes and functions at random: experiments, chz configs, holders, enums, helpers, generators."""

from tests.agreement.scope import ClassInfo, FieldInfo, FunctionInfo, Parameter, Pen, Scope
from tests.agreement.write_expressions import condition, expression, instance
from tests.agreement.write_lookups import write_helped
from tests.agreement.write_statements import Lines, block, indented

FIELD_KINDS = (
    *("int", "str", "float", "bool", "ints", "strs", "table", "tuple", "path", "set", "pairs", "mode", "when"),
)
HASHABLE = {"int", "str", "float", "bool", "path", "mode", "when"}
LOAD = ["def _load(self):", "    return 1", ""]


def write_enum(pen: Pen, scope: Scope) -> Lines:
    """Return an enum class."""
    name = pen.fresh("Mode")
    base = pen.choices.pick(("enum.Enum", "enum.IntEnum", "enum.Enum"))
    scope.enums.append(name)
    two = pen.choices.pick(("2", "enum.auto()", "7"))
    return [f"class {name}({base}):", "    ONE = 1", f"    TWO = {two}", "    ALIAS = 1", ""]


def _default(pen: Pen, scope: Scope, kind: str) -> str:
    """Return the right side of a field's declaration; `scope` is that of the module, as a class body sees it."""
    quiet = scope.child()
    quiet.may_doubt = False
    form = pen.choices.below(5)
    value = expression(pen, quiet, kind, 1)
    is_nested = kind.partition(":")[0] in {"x", "c"}
    if kind in HASHABLE or (kind == "tuple" and form < 2):
        if form < 3:
            return value
        if form == 3:
            return f"huldra.chz.field(default={value})"
    if is_nested and form == 0:
        return f"huldra.chz.field(default_factory={kind.partition(':')[2]})"
    return f"huldra.chz.field(default_factory=lambda: {value})"


def write_experiment(pen: Pen, scope: Scope) -> Lines:
    """Return an experiment class, perhaps derived from one that is in scope."""
    parents = _parents(pen, scope)
    name = pen.fresh("Exp")
    inherited: dict[str, FieldInfo] = {}
    methods: list[FunctionInfo] = []
    for parent in reversed(parents):
        inherited.update({f.name: f for f in parent.fields})
        methods.extend(parent.methods)
    lines, own, computed = [], [], []
    kinds = [*FIELD_KINDS, *(c.kind for c in scope.classes.values() if c.prefix in {"x", "c"})]
    for number in range(pen.choices.between(1, 3)):
        kind = pen.choices.pick(kinds)
        if kind == "mode" and not scope.enums:
            kind = "int"
        form = pen.choices.below(12)
        field = FieldInfo(pen.fresh("f"), kind)
        if form == 11 and number:
            field = FieldInfo(f"_{field.name}", kind)
        if form == 10 and kind in {"int", "str"}:
            computed += [
                "@huldra.chz.init_property",
                f"def {field.name}(self):",
                f"    return self.X_{field.name} * 2",
                "",
            ]
            lines.append(f"X_{field.name}: object = {expression(pen, _quiet(scope), kind, 1)}")
        elif form == 9 and kind in {"int", "str"}:
            munger = f"lambda self, value: {expression(pen, _quiet(scope).child(value=kind), kind, 1)}"
            default = expression(pen, _quiet(scope), kind, 1)
            lines.append(f"{field.name}: object = huldra.chz.field(default={default}, munger={munger})")
        elif form == 7 and kind == "int":
            check = pen.choices.pick(("chz.validators.ge(-5)", "chz.validators.lt(90)", "chz.validators.gt(0)"))
            lines.append(f"{field.name}: object = huldra.chz.field(default=3, validator=huldra.{check})")
        elif form == 8 and not _has_defaults_only(kind):
            field = FieldInfo(field.name, kind, is_required=True)
            lines.append(f"{field.name}: object")
        else:
            lines.append(f"{field.name}: object = {_default(pen, scope, kind)}")
        own.append(field)
    lines += _overrides(pen, scope, inherited, computed)
    info = ClassInfo(name, "x", (*inherited.values(), *own))
    extra, more, makers = _methods(pen, scope, info, methods)
    scope.classes[name] = ClassInfo(name, "x", info.fields, tuple(more), makers)
    bases = ", ".join(p.name for p in parents) or pen.choices.pick(
        ("huldra.Huldra[int]", "huldra.Huldra", "Huldra[int]")
    )
    helpers, run = _run(pen, scope, info) if not parents or pen.choices.chance(25) else ([], [])
    return [*helpers, f"class {name}({bases}):", *indented([*lines, "", *computed, *run, *extra]), ""]


def _run(pen: Pen, scope: Scope, info: ClassInfo) -> tuple[Lines, Lines]:
    """Helpers, and the methods: `_create`, which may build what it needs, and `_load`."""
    others = scope.experiments()
    made, helpers = Lines(), Lines()
    if others and not pen.with_unknowns and pen.choices.chance(40):
        me = _quiet(scope).inside_function(self=info.kind)
        me.classes[info.name] = info
        made = [instance(pen, me, pen.choices.pick(others), 1)]
        if pen.choices.chance(50):
            build = instance(pen, me.child(v="int"), pen.choices.pick(others), 1)
            made += [f"for v in {expression(pen, me, 'ints', 1)}:", f"    {build}.load_or_create()"]
    if others and not pen.with_unknowns and pen.choices.chance(15):
        helpers, more = write_helped(pen, _quiet(scope), pen.choices.pick(others))
        made += more
    return helpers, ["def _create(self):", *indented([*made, "return 1"]), "", *LOAD]


def _quiet(scope: Scope) -> Scope:
    quiet = scope.child()
    quiet.may_doubt = False
    return quiet


def _has_defaults_only(kind: str) -> bool:
    return ":" in kind


def _parents(pen: Pen, scope: Scope) -> list[ClassInfo]:
    experiments = scope.experiments()
    if not experiments or pen.choices.chance(55):
        return []
    first = pen.choices.pick(experiments)
    if len(experiments) > 1 and pen.choices.chance(35):
        second = pen.choices.pick(experiments)
        if second != first:
            return [first, second]
    return [first]


def _overrides(pen: Pen, scope: Scope, inherited: dict[str, FieldInfo], computed: Lines) -> Lines:
    """A field that gets a new default, or a property over it."""
    candidates = [f for f in inherited.values() if f.kind in {"int", "str"} and not f.name.startswith("_")]
    if not candidates or not pen.choices.chance(40):
        return []
    field = pen.choices.pick(candidates)
    if pen.choices.chance(30):
        kind = pen.choices.pick(("property", "huldra.chz.init_property", "functools.cached_property"))
        computed += [
            f"@{kind}",
            f"def {field.name}(self):",
            f"    return {expression(pen, _quiet(scope), field.kind)}",
            "",
        ]
        return []
    return [f"{field.name}: object = {expression(pen, _quiet(scope), field.kind, 1)}"]


def _methods(
    pen: Pen, scope: Scope, info: ClassInfo, inherited: list[FunctionInfo]
) -> tuple[Lines, list[FunctionInfo], tuple[str, ...]]:
    lines: Lines = []
    methods = list(inherited)
    numbers = [f.name for f in info.fields if f.kind == "int" and not f.name.startswith("_")]
    quiet = _quiet(scope)
    me = quiet.child(self=info.kind)
    me.classes[info.name] = info
    if pen.choices.chance(25):
        name, kind = pen.fresh("prop"), pen.choices.pick(("int", "str"))
        lines += ["@property", f"def {name}(self):", f"    return {expression(pen, me, kind)}", ""]
        methods.append(FunctionInfo(name, (), kind))
    if numbers and pen.choices.chance(25):
        name = pen.fresh("with_n")
        field = pen.choices.pick(numbers)
        lines += [f"def {name}(self, n=3):", f"    return huldra.chz.replace(self, {field}=n + 1)", ""]
        methods.append(FunctionInfo(f"{name}()", (), info.kind))
        methods.append(FunctionInfo(f"{name}({expression(pen, quiet, 'int', 0)})", (), info.kind))
    if pen.choices.chance(25):
        name = pen.fresh("make")
        given = [f"{f.name}={expression(pen, quiet.child(n='int'), f.kind, 1)}" for f in info.fields if f.is_required]
        given += [f"{field}=n" for field in numbers[:1] if not any(g.startswith(f"{field}=") for g in given)]
        lines += ["@classmethod", f"def {name}(cls, n):", f"    return cls({', '.join(given)})", ""]
        return lines, methods, (name,)
    return lines, methods, ()


def write_function(pen: Pen, scope: Scope) -> Lines:
    """Return a helper function, perhaps a generator of experiments, perhaps recursive."""
    name = pen.fresh("helper")
    parameters: list[Parameter] = []
    texts: list[str] = []
    quiet = _quiet(scope)
    for _ in range(pen.choices.between(1, 3)):
        parameter = Parameter(pen.fresh("p"), pen.choices.pick(("int", "str", "ints")), "positional", bool(parameters))
        default = f"={expression(pen, quiet, parameter.kind, 1)}" if parameter.has_default else ""
        parameters.append(parameter)
        texts.append(f"{parameter.name}{default}")
    more: dict[str, str] = {}
    if pen.choices.chance(20):
        parameters.append(Parameter("rest", "int", "args", has_default=True))
        texts.append("*rest")
        more["rest"] = "tuple"
    if pen.choices.chance(20):
        parameters.append(Parameter("extras", "int", "kwargs", has_default=True))
        texts.append("**extras")
        more["extras"] = "table"
    returns = pen.choices.pick(("int", "str", "ints", *(c.kind for c in scope.experiments())))
    inner = scope.inside_function(**{p.name: p.kind for p in parameters if p.style == "positional"}, **more)
    if returns.startswith("x:") and pen.choices.chance(35):
        return _generator(pen, scope, inner, name, tuple(parameters), texts, returns)
    body = _body(pen, inner, returns)
    if returns == "int" and parameters[0].kind == "int" and pen.choices.chance(20):
        first = parameters[0].name
        body = [f"if {first} % 5 > 0:", f"    return {name}({first} % 5 - 1) + 1", *body]
    scope.functions.append(FunctionInfo(name, tuple(parameters), returns))
    return [f"def {name}({', '.join(texts)}):", *indented(body), ""]


def _body(pen: Pen, inner: Scope, returns: str) -> Lines:
    lines = block(pen, inner, 2, 1) if pen.choices.chance(60) else []
    if pen.choices.chance(30):
        lines += [f"if {condition(pen, inner)}:", f"    return {expression(pen, inner, returns)}"]
    if pen.choices.chance(15):
        loop = pen.fresh("i")
        deeper = inner.child(**{loop: "int"})
        lines += [f"for {loop} in {expression(pen, inner, 'ints')}:", f"    if {condition(pen, deeper)}:"]
        lines += [f"        return {expression(pen, deeper, returns)}"]
    return [*lines, f"return {expression(pen, inner, returns)}"]


def _generator(
    pen: Pen, scope: Scope, inner: Scope, name: str, parameters: tuple[Parameter, ...], texts: list[str], returns: str
) -> Lines:
    cls = inner.classes[returns.partition(":")[2]]
    deeper = inner.child(v="int")
    body = [f"for v in {expression(pen, inner, 'ints')}:", f"    yield {instance(pen, deeper, cls, 1)}"]
    if pen.choices.chance(30):
        body = [f"yield {instance(pen, inner, cls, 1)}", *body]
    if pen.choices.chance(30):
        body += [f"if {condition(pen, inner)}:", "    return", f"yield {instance(pen, inner, cls, 1)}"]
    scope.functions.append(FunctionInfo(name, parameters, returns, is_generator=True))
    return [f"def {name}({', '.join(texts)}):", *indented(body), ""]
