"""Statements at random that build many experiments in the ways in which people write sweeps."""

from tests.agreement.scope import ClassInfo, FieldInfo, Pen, Scope
from tests.agreement.write_expressions import condition, expression, instance

Lines = list[str]
GRID = {"int": "ints", "str": "strs"}


def _public(cls: ClassInfo) -> list[FieldInfo]:
    return [field for field in cls.fields if not field.name.startswith("_")]


def _required(pen: Pen, scope: Scope, cls: ClassInfo, without: set[str]) -> str:
    needed = [f for f in cls.fields if f.is_required and f.name not in without]
    return "".join(f", {f.name}={expression(pen, scope, f.kind, 1)}" for f in needed)


def write_sweep(pen: Pen, scope: Scope) -> Lines:
    """Return statements that build many experiments of one class, or of several."""
    cls = pen.choices.pick(scope.experiments())
    ways = (_grid, _partial, _by_table, _replaced, _of_records, _by_name, _chosen, _keyed, _conditional)
    return pen.choices.pick(ways)(pen, scope, cls)


def _grid(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """A dict of lists, its product taken, each row given as keywords."""
    fields = [f for f in _public(cls) if f.kind in GRID][:2]
    if not fields:
        return [instance(pen, scope, cls, 1)]
    grid, row = pen.fresh("grid"), pen.fresh("row")
    values = ", ".join(f"{f.name!r}: ({expression(pen, scope, GRID[f.kind], 1)})[:3]" for f in fields)
    rest = _required(pen, scope, cls, {f.name for f in fields})
    head = f"for {row} in itertools.product(*{grid}.values()):"
    build = f"{cls.name}(**dict(zip({grid}, {row})){rest})"
    if pen.choices.chance(40):
        rows = pen.fresh("rows")
        text = f"{rows} = [dict(zip({grid}.keys(), {row})) for {row} in itertools.product(*{grid}.values())]"
        return [f"{grid} = {{{values}}}", text, f"{pen.fresh('xs')} = [{cls.name}(**each{rest}) for each in {rows}]"]
    return [f"{grid} = dict({{{values}}})", head, f"    {build}"]


def _partial(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    name = pen.fresh("build")
    fields = _public(cls)
    given = pen.choices.pick(fields) if fields else None
    first = "" if given is None else f", {given.name}={expression(pen, scope, given.kind, 1)}"
    rest = _required(pen, scope, cls, set() if given is None else {given.name})
    others = [f for f in fields if f is not given]
    more = pen.choices.pick(others) if others else None
    call = "" if more is None else f"{more.name}={expression(pen, scope.child(v='int'), more.kind, 1)}"
    return [
        f"{name} = functools.partial({cls.name}{first}{rest})",
        f"{pen.fresh('xs')} = [{name}({call}) for v in {expression(pen, scope, 'ints', 1)}]",
    ]


def _by_table(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """Classes in a table, chosen by name."""
    others = [c for c in scope.experiments() if not any(f.is_required for f in c.fields)]
    if not others:
        return [instance(pen, scope, cls, 1)]
    table = pen.fresh("table")
    second = pen.choices.pick(others)
    entries = f"{{'a': {others[0].name}, 'b': {second.name}, 'c': lambda: {instance(pen, scope, cls, 0)}}}"
    return [
        f"{table} = {entries}",
        f"for w in {expression(pen, scope, 'strs', 1)}:",
        f"    {table}.get(w, {table}['c'])()",
    ]


def _replaced(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """Variations of one experiment, each from the one before or from the first."""
    fields = [f for f in _public(cls) if f.kind in {"int", "str"}]
    old = pen.fresh("x")
    lines = [f"{old} = {instance(pen, scope, cls, 1)}"]
    scope.define(**{old: cls.kind})
    if not fields:
        return lines
    field = pen.choices.pick(fields)
    inner = scope.child(v="int")
    value = expression(pen, inner, field.kind, 1)
    changed = f"huldra.chz.replace({old}, {field.name}={value})"
    if pen.choices.chance(40):
        changed = f"huldra.chz.replace({old}, **{{{field.name!r}: {value}}})"
    keep = f"{old} = " if pen.choices.chance(40) and old in scope.own else ""
    return [*lines, f"for v in {expression(pen, scope, 'ints', 1)}:", f"    {keep}{changed}"]


def _of_records(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """Experiments made from the attributes of plain objects."""
    holders = [c for c in scope.classes.values() if c.prefix == "h"]
    if not holders:
        return [instance(pen, scope, cls, 1)]
    holder = pen.choices.pick(holders)
    each = pen.fresh("h")
    inner = scope.child(**{each: holder.kind})
    made = ", ".join(instance(pen, scope, holder, 1) for _ in range(2))
    return [f"for {each} in [{made}]:", f"    {instance(pen, inner, cls, 2)}"]


def _by_name(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """Experiments kept by a name that is made of their values."""
    runs, made = pen.fresh("runs"), pen.fresh("x")
    inner = scope.child(w="str", **{made: cls.kind})
    body = [
        f"for w in {expression(pen, scope, 'strs', 1)}:",
        f"    {made} = {instance(pen, scope.child(w='str'), cls, 1)}",
        f"    {runs}[{expression(pen, inner, 'str', 1)}] = {made}",
    ]
    last = pen.choices.pick((f"list({runs}.values())[-1:]", f"sorted({runs})", f"{runs}.get('a')"))
    return [f"{runs} = {{}}", *body, f"{pen.fresh('v')} = {last}"]


def _chosen(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """Experiments compared, sorted and chosen among."""
    made, best = pen.fresh("xs"), pen.fresh("x")
    one, two = (instance(pen, scope, cls, 1) for _ in range(2))
    keys = [f.name for f in _public(cls) if f.kind in {"int", "str"}]
    lines = [f"{made} = [{one}, {two}]"]
    ways = [f"{made}[0 if {made}[0] == {made}[1] else 1]", f"next(x for x in {made} if isinstance(x, {cls.name}))"]
    ways += [f"max({made}, key=lambda x: x.{key})" for key in keys[:1]]
    ways += [f"getattr({made}[-1], {'__class__'!r})({_required(pen, scope, cls, set())[2:]})"]
    lines.append(f"{best} = {pen.choices.pick(ways)}")
    scope.define(**{best: cls.kind})
    return lines


def _keyed(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """Keywords collected in a dict that is changed between experiments."""
    fields = [f for f in _public(cls) if f.kind in {"int", "str", "float", "bool"}]
    options = pen.fresh("options")
    rest = _required(pen, scope, cls, {f.name for f in fields})
    first = ", ".join(f"{f.name}={expression(pen, scope, f.kind, 1)}" for f in fields if f.is_required)
    lines = [f"{options} = dict({first})"]
    for field in fields[:2]:
        value = expression(pen, scope, field.kind, 1)
        lines.append(
            pen.choices.pick(
                (
                    f"{options}[{field.name!r}] = {value}",
                    f"{options}.update({field.name}={value})",
                    f"{options} |= {{{field.name!r}: {value}}}",
                    f"{options}.setdefault({field.name!r}, {value})",
                )
            )
        )
        lines.append(f"{cls.name}(**{options}{rest})")
    return [*lines, f"{cls.name}(**{{**{options}}}{rest})"]


def _conditional(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """A sweep that passes over some of its values."""
    kept = pen.fresh("xs")
    inner = scope.child(v="int")
    test = condition(pen, inner)
    return [
        f"{kept} = []",
        f"for v in {expression(pen, scope, 'ints', 1)}:",
        f"    if {test}:",
        "        continue",
        f"    {kept} += [{instance(pen, inner, cls, 1)}]",
        f"{pen.fresh('v')} = len({kept})",
    ]
