"""Statements at random that reach classes and functions by name, through workers, attributes and descriptors.

Each is whole by itself: what it defines, it uses.
"""

from tests.agreement.scope import ClassInfo, Pen, Scope
from tests.agreement.write_expressions import call_with, expression, instance

Lines = list[str]


def write_lookup(pen: Pen, scope: Scope) -> Lines:
    """Return definitions and uses in one of the forms; they build experiments at the level of a module."""
    ways = (_executor, _pool, _thread, _by_getattr, _by_globals, _by_module, _by_registry, _set_on_class)
    ways = (*ways, _descriptor, _slot, _described_by_name)
    return pen.choices.pick(ways)(pen, scope, pen.choices.pick(scope.experiments()))


def _worker(pen: Pen, scope: Scope, cls: ClassInfo) -> tuple[str, Lines]:
    """Return the name of a function of two parameters that builds an experiment, and its definition."""
    name = pen.fresh("work")
    inner = scope.inside_function(n="int")
    built = call_with(pen, inner, cls, cls.name, pen.choices.pick(("n", "(n, m)", "[n, m]")))
    before = pen.choices.pick(([], [], ["if n == 2:", "    raise KeyError(n)"], ["seen.append(n)"]))
    return name, [
        "seen = []",
        f"def {name}(n, m=3):",
        *(f"    {line}" for line in (*before, f"made = {built}", "return m")),
    ]


def _executor(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """`submit`, `map` and `result` of an executor of one thread, in which the order is what it seems."""
    name, definition = _worker(pen, scope, cls)
    numbers = expression(pen, scope, "ints", 1)
    use = pen.choices.pick(
        (
            [f"list(pool.map({name}, {numbers}))"],
            [f"pool.map({name}, {numbers}, itertools.repeat(4))"],
            [
                f"futures = [pool.submit({name}, n) for n in {numbers}]",
                "for future in futures:",
                "    future.exception()",
            ],
            [f"futures = {{pool.submit({name}, n, m=n): n for n in {numbers}}}"],
            [f"pool.submit(functools.partial({name}, m=5), 1)", f"pool.submit({name}, m=2, n=7).result()"],
        )
    )
    after = pen.choices.pick(([], [call_with(pen, scope, cls, cls.name, "list(seen)")]))
    head = f"with concurrent.futures.ThreadPoolExecutor({pen.choices.pick(('1', 'max_workers=1'))}) as pool:"
    tried = [head, *(f"    {line}" for line in use)]
    return [*definition, "try:", *(f"    {line}" for line in tried), "except KeyError:", "    seen.append(0)", *after]


def _pool(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """A pool of threads: `map`, `starmap`, `apply`."""
    name, definition = _worker(pen, scope, cls)
    numbers = expression(pen, scope, "ints", 1)
    use = pen.choices.pick(
        (
            f"pool.map({name}, {numbers})",
            f"pool.starmap({name}, [(n, n) for n in {numbers}])",
            f"pool.apply({name}, (1,), {{'m': 5}})",
            f"list(pool.imap({name}, {numbers}))",
        )
    )
    tried = ["with multiprocessing.dummy.Pool(1) as pool:", f"    {use}"]
    return [*definition, "try:", *(f"    {line}" for line in tried), "except KeyError:", "    seen.append(0)"]


def _thread(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """Threads, one after the other; some are never started."""
    name, definition = _worker(pen, scope, cls)
    number = expression(pen, scope, "int", 1)
    given = pen.choices.pick((f"args=({number},)", f"args=[1, {number}]", f"kwargs={{'n': {number}}}"))
    made = f"thread = threading.Thread(target={name}, {given}, daemon=True)"
    after = pen.choices.pick(
        ([], ["thread.start()", "thread.join()"], ["thread.daemon = False", "thread.start()", "thread.join()"])
    )
    return [*definition, made, *after]


def _by_getattr(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """Methods and attributes of an object by names that are put together."""
    name, value = pen.fresh("Named"), expression(pen, scope, "int", 1)
    asked = pen.choices.pick(
        (
            "getattr(named, f'size_{kind}', 0)",
            "getattr(named, 'size_' + kind)",
            "operator.attrgetter(f'size_{kind}')(named)",
            "vars(named)[f'size_{kind}']",
            "named.__dict__.get(f'size_{kind}', 7)",
            "operator.methodcaller(f'make_{kind}', 2)(named)",
            "getattr(named, f'make_{kind}')()",
        )
    )
    return [
        f"class {name}:",
        "    def __init__(self):",
        f"        self.size_small, self.size_large = 1, {value}",
        "    def make_small(self, n=1): return self.size_small + n",
        "    def make_large(self, n=1): return [self.size_large, n]",
        f"named = {name}()",
        "for kind in ('small', 'large'):",
        f"    {call_with(pen, scope, cls, cls.name, asked)}",
    ]


def _by_globals(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """Classes and functions of the module itself, by name."""
    name = pen.fresh("build")
    found = pen.choices.pick(
        (
            f"globals()[{cls.name!r}]",
            f"globals().get({cls.name!r})",
            f"[v for k, v in globals().items() if k == {cls.name!r}][0]",
            f"sys.modules[__name__].{cls.name}",
            f"getattr(sys.modules[__name__], {cls.name!r})",
            f"eval({cls.name!r})",
            f"vars(sys.modules[__name__])[{cls.name!r}]",
        )
    )
    inner = scope.inside_function(n="int")
    helper = [f"def {name}(n):", f"    return {call_with(pen, inner, cls, found, 'n')}"]
    use = pen.choices.pick((f"{name}(2)", f"globals()['{name[:3]}' + {name[3:]!r}](3)", f"[{name}(v) for v in (1, 2)]"))
    return [*helper, use]


def _by_module(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """What a module of the standard library has, by name."""
    value = pen.choices.pick(
        (
            "getattr(importlib.import_module('math'), 'floor')(2.5)",
            "importlib.import_module('string').digits",
            "getattr(math, ['ceil', 'floor'][math.gcd(2, 3)])(2.5)",
            "__import__('math').gcd(4, 6)",
        )
    )
    return [call_with(pen, scope, cls, cls.name, value)]


def _by_registry(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """Builders in a dict, put there by a decorator, by a loop or at once."""
    table, one, two = pen.fresh("BUILDERS"), pen.fresh("build"), pen.fresh("build")
    inner = scope.inside_function(n="int")
    first, second = (call_with(pen, inner, cls, cls.name, text) for text in ("n", "(n, 'two')"))
    filled = pen.choices.pick(
        (
            [f"{table} = {{'one': {one}, 'two': {two}}}"],
            [f"{table} = {{f.__name__: f for f in ({one}, {two})}}", f"{table}['one'] = {table}[{one!r}]"],
            [f"{table} = dict(zip(('one', 'two'), ({one}, {two})))"],
            [f"{table} = {{}}", f"{table}.setdefault('one', {one})", f"{table} |= {{'two': {two}}}"],
        )
    )
    use = pen.choices.pick(
        (
            [f"for key in sorted({table}):", f"    {table}[key](1)"],
            [f"{table}.get('two', {one})(2)", f"{table}.pop('one')(4)"],
            [f"for key, build in {table}.items():", "    build(len(key))"],
            [f"try:\n    {table}['three'](1)\nexcept KeyError:\n    {table}['one'](5)"],
        )
    )
    return [f"def {one}(n): return {first}", f"def {two}(n): return {second}", *filled, *"\n".join(use).split("\n")]


def _set_on_class(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """Attributes of a plain class, set on it from outside, one by one and by name."""
    name, value = pen.fresh("Settings"), expression(pen, scope, "int", 1)
    change = pen.choices.pick(
        (
            [f"{name}.rate = {value}"],
            [f"setattr({name}, 'rate', {value})"],
            ["for key, number in (('rate', 3), ('more', 4)):", f"    setattr({name}, key, number)"],
            [f"{name}.scaled = lambda self, by=2: self.rate * by", f"{name}.rate += 1"],
            [f"del {name}.rate", f"{name}.rate = [{value}]"],
            [f"class {name}More({name}): pass", f"{name}More.rate = 9", f"{name}.extra = {value}"],
        )
    )
    read = pen.choices.pick(
        (f"{name}.rate", "one.rate", f"{name}().rate", "one.scaled()", f"getattr({name}, 'rate', 0)")
    )
    return [
        f"class {name}:",
        "    rate = 1",
        "    def scaled(self): return (self.rate, 'own')",
        f"one = {name}()",
        *change,
        call_with(pen, scope, cls, cls.name, read),
    ]


def _descriptor(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """A descriptor that computes what it gives."""
    name, owner = pen.fresh("Scaled"), pen.fresh("Owner")
    value = expression(pen, scope, "int", 1)
    given = pen.choices.pick(("self.by * 2", "(instance is None, self.by)", "instance.n + self.by"))
    read = pen.choices.pick((f"{owner}(3).size", f"{owner}(3).size", f"getattr({owner}(2), 'size')"))
    return [
        f"class {name}:",
        "    def __init__(self, by): self.by = by",
        "    def __get__(self, instance, owner=None):",
        f"        return {given}",
        f"class {owner}:",
        f"    size = {name}({value})",
        "    def __init__(self, n): self.n = n",
        call_with(pen, scope, cls, cls.name, read),
    ]


def _slot(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """A property with a setter, and a cached one."""
    owner, value = pen.fresh("Owner"), expression(pen, scope, "int", 1)
    read = pen.choices.pick(("one.n", "one.once", "(one.n, one.once)", "one._n"))
    return [
        f"class {owner}:",
        "    def __init__(self, n): self.n = n",
        "    @property",
        "    def n(self): return self._n",
        "    @n.setter",
        "    def n(self, n): self._n = n + 1",
        "    @functools.cached_property",
        "    def once(self): return [self.n]",
        f"one = {owner}({value})",
        "one.n += 2",
        call_with(pen, scope, cls, cls.name, read),
    ]


def _described_by_name(pen: Pen, scope: Scope, cls: ClassInfo) -> Lines:
    """A descriptor that is told its name, and keeps what is set."""
    name, owner = pen.fresh("Checked"), pen.fresh("Owner")
    value = expression(pen, scope, "int", 1)
    return [
        f"class {name}:",
        "    def __set_name__(self, owner, name): self.name = '_' + name",
        "    def __get__(self, instance, owner=None): return getattr(instance, self.name)",
        "    def __set__(self, instance, value): setattr(instance, self.name, (self.name, value))",
        f"class {owner}:",
        f"    size = {name}()",
        "    def __init__(self, n): self.size = n",
        f"one = {owner}({value})",
        *pen.choices.pick(([], ["one.size = 4"])),
        call_with(pen, scope, cls, cls.name, "one.size"),
    ]


def write_helped(pen: Pen, scope: Scope, made: ClassInfo) -> tuple[Lines, Lines]:
    """Return helpers that build an experiment of a class, and the statements of a `_create` that uses them."""
    name = pen.fresh("prepare")
    inner = scope.inside_function(n="int")
    built = instance(pen, inner, made, 1)
    ways = (
        ([f"def {name}(n):", f"    return {built}"], [f"{name}(2).load_or_create()"]),
        ([f"def {name}(n, deep=2):", f"    return {built} if not deep else {name}(n + 1, deep - 1)"], [f"{name}(1)"]),
        ([f"def {name}(n):", f"    yield {built}", "    yield n"], [f"for each in {name}(3):", "    each"]),
        ([f"{name} = {{'a': lambda n: {built}}}"], [f"{name}['a'](4).load_or_create()"]),
        ([f"class {name.title()}:", f"    def build(self, n): return {built}"], [f"{name.title()}().build(5)"]),
    )
    return pen.choices.pick(ways)
