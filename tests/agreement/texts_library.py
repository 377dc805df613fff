"""More ways to write an expression of each kind: the standard library, iterators, formats. Slots as in `texts`."""

TEXTS = {
    "int": r"""
{o}["a"]
{o}.total()
({o}.most_common(1) or [("", 4)])[0][1]
len({a}["a"])
next({g}, {i})
sum({g})
max({g}, default=2)
operator.itemgetter(1)(({i}, {j}))
math.prod({n}) % 97
len(re.findall(r"[a-d]", {s}))
{w}.year
{w}.hour
(datetime.timedelta(days=2, hours=30)).days
functools.reduce(operator.mul, {u}, 1) % 97
max({n}, default=3)
sum(v * w for v, w in zip({n}, {u}))
sum({d}.values())
[*{n}, 9].index(9)
{s}.count("a")
{s}.find("a")
ord(({s} + "a")[0])
({i}).bit_length()
round({f})
len({k} ^ {{1}})
(sorted({k}) or [6])[0]
{{1: {i}, 2: {j}}}.get({i} % 3, 0)
[{i}, {j}, 5].pop(0)
next((v for v in {n} if v > 1), -1)
next(v for v in itertools.count({i}) if v % 7 == 0)
len([*itertools.pairwise({n})])
(lambda *v, **w: len(v) + len(w))({i}, *{n}, a={j})
(lambda v, /, w=3, *, x=1: v - w + x)({i}, x={j})
json.loads("[1, 2]")[1]
int(math.copysign({i}, -1))
int(re.sub(r"\D", "", "7" + {s}))
min({q}, key=len, default="").count("a")
collections.Counter({n}).most_common()[0][1] if {n} else 0
collections.deque({n}, maxlen=2).count(1)
collections.ChainMap({d}, {{"a": {i}}})["a"]
min(sorted({d}, key={d}.get), default="zz").count("z")
max({d}.items(), key=lambda v: v[1], default=("", 5))[1]
sum(map(lambda v, w: v - w, {n}, {m}))
(re.search(r"\d", {s} + "3") or [0]).start()
len(types.SimpleNamespace(a={i}, b={n}).b)
types.SimpleNamespace(a={i}).a
getattr(types.SimpleNamespace(a={i}), "b", {j})
list(map(operator.methodcaller("bit_length"), {n}))[:1].count(1)
""",
    "str": r"""
re.sub(r"[aeiou]", "_", {s})
"_".join(re.split(r"-|_", {s}))
json.dumps({n})
json.dumps({d}, sort_keys=True)
json.dumps({{"a": {i}, "s": {s}}}, indent=1)
json.dumps([{f}, {b}, None])
{w}.isoformat()
str({w}.date())
{s}.capitalize()
{s}.swapcase()
{s}.center(8, "*")
{s}.ljust(5, ".")
{s}.removeprefix("a")
{s}.removesuffix("d")
{s}.translate(str.maketrans("ab", "xy"))
{s}.rsplit("-", 1)[-1]
{s}.rpartition("_")[0]
"{{0[1]}}-{{0[0]}}".format({u} + (1, 2))
"{{0!s:>5}}".format({s})
"{{x.suffix}}".format(x={h})
"{{a[b]}}".format(a=dict(b={i}))
f'''{{{i}:+d}}'''
f'''{{{i}:,}}'''
f'''{{{f}:e}}'''
f'''{{{f}:.3g}}'''
f'''{{{f}:%}}'''
f'''{{{i}=}}'''
f'''{{{i}:b}}-{{{j}:x}}'''
f'''{{{s}:_^9}}'''
f'''{{{i}:>{{4}}}}'''
f'''{{{s}}}{{{f}}}{{{b}}}'''
"%s" % ({u},)
"%(a)s" % {{"a": {i}}}
"%-5s|" % {s}
"%x" % abs({i})
"%r" % {s}
"%e %g" % ({f}, {f})
repr({s})
repr({n})
repr({f})
str({p})
"".join(itertools.chain.from_iterable({q}))
" ".join(map(str.upper, {q}))
max({q}, key=len, default="none")
min({q}, default="none")
next(iter({d}), "none")
string.ascii_lowercase[{i} % 9]
{h}.as_posix()
str({h}.parent)
{s}.encode().hex()
str(fractions.Fraction({i}, 4))
str(decimal.Decimal("0.1") * {i})
', '.join(v for v, _ in {o}.most_common())
', '.join(f'{{v}}={{w}}' for v, w in sorted({d}.items()))
string.Template("$a-x").substitute(a={s})
collections.deque({q}, 2).pop() if {q} else ""
(re.match(r"[a-z]+", {s}) or ["q"])[0]
textwrap.dedent("  " + {s})
{q}[-1] if {q} else "none"
"".join(sorted(set({s})))
"-".join(str(v) for v in {g})
'x'.join([*{s}])
str(None)
max((len(v), v) for v in ({s}, {t}))[1]
""",
    "float": r"""
next(itertools.accumulate([{f}, 0.5]))
math.log2(8)
max([{f}, 0.5], key=lambda v: -v)
float(decimal.Decimal("0.25"))
float(fractions.Fraction(1, 3))
json.loads("0.001")
(0.1 * {i})
[0.1, 0.01, 0.001][{i} % 3]
abs(-{f})
datetime.timedelta(hours=7).total_seconds()
round({f} * 3, 1)
{f} // 0.3
float(f'''{{{f}:.2f}}''')
operator.truediv({i}, 8)
{i} / (1 + abs({j}))
math.fsum([{f}, 0.1])
""",
    "bool": r"""
bool(re.match(r"[a-d]+", {s}))
re.search(r"a", {s}) is not None
{s} in {o}
"a" in {a}
{o} == {o}
{w} < {w}
{k} <= {{1, 2, 3}}
{k}.issubset({n})
{k}.isdisjoint({u})
all(map(bool, {n}))
{s}.isidentifier()
{s}.endswith(("a", "d"))
{i} in range(0, 20, 2)
not {n}
any(itertools.starmap(operator.gt, zip({n}, {m})))
{i} in {g}
isinstance({n}, (list, tuple))
({i}, {s}) == ({j}, {t})
({i}, {s}) < ({j}, {t})
{d} == {d}
bool({d}.keys() & set({q}))
operator.contains({q}, {s})
math.isclose({f}, 0.1)
{h}.is_absolute()
any(v == w for v in {n} for w in {m})
bool({a})
bool({g})
{d}.keys() == {{*{q}}}
type({i}) is int
{n} is {n}
None is None
len({o}) > 1
not ({s} and {n})
({i} or {s}) == {i}
{u} == (*{u},)
{n} < {m}
""",
    "ints": r"""
list({g})
list(itertools.islice({g}, 2))
[v for v in {g}]
[*{g}]
[v for v, _ in zip({n}, {g})]
[v + w for v, w in zip({g}, {g})]
list(itertools.chain.from_iterable([{n}, {m}]))
[v + w for v, w in itertools.pairwise({n})]
[len(list(w)) for _, w in itertools.groupby({n})]
list(itertools.starmap(operator.add, zip({n}, {m})))
list(itertools.compress({n}, [1, 0, 1]))
list(itertools.dropwhile(lambda v: v < 2, {n}))
[v for v, _ in itertools.zip_longest({n}, {m}, fillvalue=0)]
list(itertools.islice(itertools.cycle({n} or [1]), 3))
[v for v, _ in zip(itertools.count({i}), {q})]
[v - w for v, w in itertools.permutations({u}[:3], 2)]
{a}["a"]
list({a}.get("b", []))
sum({a}.values(), [])[:5]
list({o}.values())
[v for _, v in {o}.most_common(2)]
json.loads(json.dumps({n}))
sorted({n}, key=lambda v: (v % 3, v))
sorted({u}, key=operator.neg)
sorted({k})
list(filter(None, {n}))
copy.copy({n})
copy.deepcopy({n})
list(map(max, {n}, {m}))
list(map(operator.sub, {n}, {u}))
[w for v in {n} if v > 0 for w in range(v % 3)]
list(range({i} % 5, -1, -2))
list(functools.reduce(lambda v, w: v + [w], {n}, []))
[v if v > 1 else -v for v in {n}]
list({d}.values())[::-1]
list(collections.deque({n}, maxlen=2))
(lambda y: [y for v in {n} if y > v])({i})
[*map(int, re.findall(r"\d", {s}))]
[v for w in [{n}, {m}] for v in w if v not in {u}]
(list(zip(*[{n}, {m}]))[:1] and [3])
[f(2) for f in [lambda v: v + 1, lambda v: v * {i}]]
[f() for f in [lambda: v for v in {n}]]
list(itertools.accumulate({n}, max))
list(itertools.accumulate({n}, lambda v, w: v * w % 17, initial=1))
sorted({n}, key=functools.cmp_to_key(lambda v, w: w - v))
[len(v) for v in ({n}, {q}, {d})]
max({n}, {m})
min([{n}, {m}], key=len)
(lambda **v: list(v.values()))(a={i}, b={j})
(lambda *v: list(v))(*{n}, {i})
""",
    "strs": r"""
sorted({q}, key=str.lower)
list(map(str.title, {q}))
re.split(r"[-_]", {s})
re.findall(r"[a-z]+", {s})
["".join(v) for v in itertools.combinations({q}[:3], 2)]
sorted({o})
list({o})
sorted({a})
[v for v, _ in {o}.most_common()]
list({o}.elements())[:5]
list({h}.parts)
[v for v, w in {d}.items() if w > 1]
["%s" % v for v in {u}]
[*map("{{}}x".format, {q})]
[f'{{v:>3}}' for v in {n}]
[v.strip("a") for v in {q}]
sorted({d}, key={d}.get)
sorted({q}, key=lambda v: (-len(v), v), reverse=True)
[v for v, w in zip({q}, {n}) if w]
[w for w, _ in itertools.groupby(sorted({q}))]
list(vars(types.SimpleNamespace(b={i}, a={j})))
[v for v in {q} if re.fullmatch(r"[a-z]+", v)]
"a,b,,c".split(",")
{s}.rsplit("-")
[v for v in map(lambda v: v.strip("x"), {q}) if v]
[str(v) for v in {g}]
""",
    "table": r"""
dict({o})
{{v: len(w) for v, w in {a}.items()}}
json.loads(json.dumps({d}))
dict(itertools.islice({d}.items(), 1))
{{**{d}, **{{'z': {i}}}}}
dict(zip({q}, itertools.count({i})))
dict(map(lambda v: (v, len(v)), {q}))
collections.OrderedDict({d})
copy.deepcopy({d})
dict(sorted({d}.items(), key=lambda v: v[1]))
dict(sorted({d}.items(), key=operator.itemgetter(1), reverse=True))
vars(types.SimpleNamespace(a={i}, b={j}))
dict(a={i}, **{{'b': {j}}})
dict(collections.ChainMap({d}, dict(z={i})))
functools.reduce(lambda v, w: {{**v, w: len(v)}}, {q}, {{}})
{{v: next({g}, 0) for v in {q}}}
{{w: v for v, w in enumerate({q})}}
dict({d}.items() - {{("a", 1)}}) and {{}}
(lambda **v: v)(a={i}, **{{'c': {j}}})
""",
    "tuple": r"""
tuple({g})
tuple(sorted({k}))
(*{n}, *{u})[:4]
{u}[::-1]
tuple(itertools.accumulate({u}, operator.add))
operator.itemgetter(0, 1)({u} + (1, 2))
min([{u}, (1,)])
(*map(abs, {n}),)
tuple(next({g}, 7) for _ in range(2))
tuple(collections.deque({u}, 3))
next(zip({n}, {u}), (0,))
tuple(v for v in {u} if v) or ({i},)
""",
    "pairs": r"""
[(w, v) for v, w in {o}.most_common(2)]
[(len(w), v) for v, w in {a}.items()]
list(zip({g}, {q}))
[(v, w) for v, w in zip({n}, {q}) if v]
sorted({p}, key=lambda v: (v[1], -v[0]))
list(map(lambda v, w: (v, w), {n}, {q}))
[(k, ''.join(map(str, g))) for k, g in itertools.groupby({n}, key=lambda v: v % 2)]
[*{p}, *{p}][:3]
sorted({p}, key=operator.itemgetter(1, 0))
[(v, w) for v, w in itertools.zip_longest({n}, {q}[:1], fillvalue="-")]
[(n, s) for n, (_, s) in enumerate({p}, 1)]
""",
    "iter": r"""
iter({n})
map(lambda v: v * 2, {n})
map(abs, {g})
filter(lambda v: v > 0, {n})
(v + 1 for v in {n})
(v + {i} for v in {n})
(v for v in {g} if v != 3)
itertools.chain({n}, {g})
itertools.islice({g}, 3)
itertools.islice(itertools.count({i}), 4)
itertools.accumulate({n})
itertools.takewhile(lambda v: v < 5, {g})
reversed({n})
iter({u})
iter(sorted({k}))
iter({d}.values())
itertools.tee({n})[0]
itertools.chain.from_iterable([{n}, {m}])
(len(v) for v in {q})
(v for v, _ in zip({n}, {q}))
itertools.repeat({i}, 3)
(v for w in ({n}, {m}) for v in w)
map(operator.add, {n}, {g})
(v for v, _ in enumerate({q}))
""",
    "counter": r"""
collections.Counter({q})
collections.Counter({s})
collections.Counter({d})
({o} + {o})
collections.Counter(a={i})
({o} - collections.Counter("ab"))
{o}.copy()
collections.Counter(v[:1] for v in {q})
({o} | collections.Counter(b=2))
""",
    "groups": r"""
collections.defaultdict(list)
collections.defaultdict(list, {{"a": {n}}})
collections.defaultdict(lambda: [{i}], a={n})
{a}.copy()
""",
    "when": r"""
datetime.datetime(2024, 1, 2, 3, tzinfo=datetime.timezone.utc)
({w} + datetime.timedelta(days={i} % 50))
{w}.replace(hour=5)
{w}.astimezone(datetime.timezone(datetime.timedelta(hours=2)))
datetime.datetime.fromisoformat("2024-05-06T07:08:09+00:00")
max({w}, {w})
""",
    "deque": r"""
collections.deque({n})
collections.deque({g}, maxlen=3)
collections.deque([{i}, {j}], 2)
""",
}
