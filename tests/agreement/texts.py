"""The ways to write an expression of each kind, one a line; `{i}` and its like are slots for other expressions."""

TEXTS = {
    "int": r"""
({i} + {j})
({i} - {j})
({i} * {j} % 97)
{i} // 3
{i} % 7
abs({i})
-({i})
len({n})
len({s})
max({n} + [1])
min({i}, {j})
sum({n})
({n} or [4])[0]
{d}.get({s}, {i})
round({f} % 10)
sum(1 for _ in {q})
next(iter({n}), {i})
divmod({i}, 4)[1]
int("12")
(lambda v, w=2: v + w)({i})
functools.reduce(lambda p, q: p + q, {n}, 0)
({i} & 6)
({i} << 1) % 64
int({b})
({i} or {j})
len({u})
max({i}, {j}, key=lambda v: -v)
{n}[-1:].count({i})
({i} ** 2) % 50
sum({u})
len(set({n}))
{{"a": {i}}}["a"]
math.floor({f} % 5)
len({{v: v for v in {n}}})
~({i})
[{i}, {j}][1]
sorted({u} + (1,))[0]
len(list(zip({n}, {q})))
bool({i}) + 1
len({d})
functools.partial(max, {i})({j})
operator.add({i}, {j})
len({h}.parts)
len({k})
max({k} | {{0}})
""",
    "str": r"""
f'''{{{s}}}-{{{i}}}'''
f'''{{{i}:03d}}'''
f'''{{{f}:.2f}}'''
"%s_%d" % ({s}, {i})
"{{}}/{{}}".format({s}, {i})
{s}.upper()
{s}[:2]
{s}[::-1]
({s} + {t})[:12]
"-".join({q})
str({i})
str({f})
({q} or {q} or ['z'])[0]
{s}.replace("a", "o")
str({h})
{h}.name
{h}.stem
repr({i})
({s} * 2)[:9]
"a" "b"
({s} or "x")
f'''{{{s}!r}}'''
{s}.zfill(5)
"".join(sorted({s}))
{s}.title()
max({s}, {t})
{s}.split("-")[0]
str({b})
f'''{{{i}}}{{{s}:>6}}'''
f'''{{{n}}}'''
str({u})
{s}.strip('a')
', '.join(map(str, {n}))
str({d})
{h}.suffix
(lambda v: v + '!')({s})
type({i}).__name__
', '.join(str(v) for v in {u})
chr(97 + {i} % 20)
str({b} and {c})
'%05.1f' % ({f} % 100)
'{{:>4}}|{{a!r}}'.format({i}, a={s})
{s}.partition('-')[2]
min({q} + ['q'])
{s}.casefold()
""",
    "float": r"""
{f} * 0.5
({i} / 4)
round({f}, 2)
float({i})
math.sqrt(abs({f}))
({f} + 0.25)
min({f}, 0.5)
max({f}, {i} / 8)
{f} % 3
(0.1 + 0.2)
abs({f})
10 ** -({i} % 5)
math.pi
float('1e-4')
({i} * 1.5)
-({f})
1 / 3
math.log(1 + abs({f}))
({f} - 1.5)
2 ** -({i} % 8)
math.exp(-1.0)
{f} / 7
""",
    "bool": r"""
{i} > {j}
{i} == {j}
not {b}
({b} and {c})
({b} or {c})
{i} in {n}
{s} in {q}
1 < {i} <= 8
{s}.startswith("a")
any(v > 2 for v in {n})
all(v for v in {u})
isinstance({i}, int)
bool({q})
{s} in {d}
{s} < {t}
{n} == {m}
{i} != {j}
{f} > 0.3
{s} not in {q}
{i} % 2 == 0
len({q}) > 1
{u} < (2,)
(len({n}) > 2) is True
{i} in {k}
{h} == {h}
{h}.suffix == ''
isinstance({s}, (int, float))
{s}.isalpha()
hasattr({s}, 'upper')
callable(len)
{u} == tuple({n})
{f} == {i}
any({n})
""",
    "ints": r"""
[{i}, {j}]
list(range({i} % 4))
sorted({n})
({n} + {m})[:5]
list(reversed({n}))
[*{n}, {i}][:4]
list(map(lambda v: v + 1, {n}))
list(filter(lambda v: v > 1, {n}))
sorted({n}, reverse=True)
list({u})
sorted({n}, key=lambda v: -v)
list({d}.values())
[len(v) for v in {q}]
{n}[1:]
sorted(set({n}))
list(itertools.chain({n}, {u}))
list(dict.fromkeys({n}))
{n}.copy()
({n} or [1])
{n}[::-1]
[v for v, _ in {p}]
[v * w for v, w in zip({n}, {m})]
[sum(v) for v in itertools.product({u}[:2], repeat=2)]
list(itertools.accumulate({n}))
list(itertools.islice({n}, 2))
[v for w in ({n}, {m}) for v in w][:4]
list(itertools.repeat({i}, 2))
[*range(2, 6, 2)]
[v for v in {n} if v not in {m}]
list(itertools.takewhile(lambda v: v < 3, {n}))
[min(v) for v in itertools.combinations({u}, 2)]
({n} * 2)[:5]
(list(zip(*{p}))[:1] and [1])
[v[0] for v in sorted({p})]
(list(enumerate({q}))[-1:] and [7])
""",
    "strs": r"""
[{s}, {t}]
sorted({q})
[v.upper() for v in {q}]
list({d})
[str(v) for v in {n}]
({q} + [{s}])[-4:]
[*{q}]
list({d}.keys())
{s}.split('-')
[v for _, v in {p}]
list({s})[:3]
[f'{{v}}{{w}}' for w, v in enumerate({q})]
list(map(str, {n}))
sorted({q}, key=len)
{q}[:2]
[v + w for v in {q} for w in {q}][:4]
sorted({d}, reverse=True)
sorted({q}, key=lambda v: (len(v), v))
list(dict({d}, z=1))
[v for v in {q} if v != {s}]
list(reversed({q}))
""",
    "table": r"""
{{{s}: {i}, {t}: {j}}}
dict(zip({q}, {n}))
{{**{d}, {s}: {i}}}
({d} | {{'k': {i}}})
dict({d}, a={i})
{{v: len(v) for v in {q}}}
{{v: w for w, v in {p}}}
{{v: w + 1 for v, w in {d}.items()}}
dict(sorted({d}.items()))
{d}.copy()
dict.fromkeys({q}, {i})
{{v: w for v, w in {d}.items() if w > 0}}
dict([({s}, {i})])
({d} or dict(a=1))
""",
    "tuple": r"""
({i}, {j})
tuple({n})
({u} + ({i},))[:4]
{u}[1:]
tuple(sorted({n}))
tuple(v + 1 for v in {n})
(*{n}, {i})[:4]
divmod({i}, 5)
tuple(range({i} % 3))
({i}, *{u})[:3]
tuple(map(abs, {n}))
(({i},) * 2)
""",
    "pairs": r"""
list(zip({n}, {q}))
[({i}, {s})]
list(enumerate({q}))
[(v, w) for w, v in {d}.items()]
sorted({p})
[(v, {s}) for v in {n}]
list(enumerate({q}, start={i}))
({p} + [({i}, {s})])[:4]
list(itertools.product({n}[:2], {q}[:2]))
sorted({p}, key=lambda v: v[1])
list(zip(range(9), {q}))
{p}[::-1]
""",
    "path": r"""
{h} / {s}
{h}.parent
Path({s}) / f'''{{{i}}}.txt'''
Path({s})
{h}.with_name('n.csv')
Path('a') / {s} / 'c'
""",
    "set": r"""
set({n})
{{{i}, {j}}}
({k} | {{{i}}})
{{v % 5 for v in {n}}}
({k} & {{1, 2}})
({k} - {{1}})
frozenset({n})
""",
}
