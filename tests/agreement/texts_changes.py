"""The ways to change a value in place, one a line; `{x}` is its name, other slots are kinds."""

PLAIN_CHANGES = {
    "ints": r"""
{x}.append({int})
{x}.extend({ints})
{x}.insert(0, {int})
{x} += [{int}]
{x}.sort()
{x}.reverse()
{x}[:1] = [{int}]
{x}.remove(1) if 1 in {x} else None
del {x}[2:]
{x}.clear()
{x}.pop() if {x} else None
{x}[0:0] = {ints}
{x} *= 1
{x}[-1:] = []
""",
    "strs": r"""
{x}.append({str})
{x} += {strs}
{x}.sort(key=len)
{x}.insert(1, {str})
""",
    "table": r"""
{x}[{str}] = {int}
{x}.update({table})
{x}.update(q={int})
{x}.setdefault({str}, {int})
{x}.pop('a', None)
{x} |= {table}
{x}['n'] = {x}.get('n', 0) + 1
{x}.popitem() if {x} else None
""",
    "int": r"""
{x} += {int}
{x} -= 1
{x} = {x} * 3 % 101
{x} //= 2
""",
    "str": r"""
{x} += {str}[:2]
{x} = {x}[:6]
""",
    "float": r"""
{x} *= 0.5
{x} += 0.125
""",
    "set": r"""
{x} = {x} | {{4}}
""",
}
LIBRARY_CHANGES = {
    "counter": r"""
{x}.update({strs})
{x}[{str}] += 1
{x}.subtract({strs})
del {x}["a"]
{x}.pop("a", 0)
{x}.update(a=2)
""",
    "groups": r"""
{x}[{str}].append({int})
{x}["a"] += {ints}
{x}.pop("a", None)
{x}.setdefault({str}, {ints}).append(0)
{x}.update(b={ints})
{x}["b"]
""",
    "deque": r"""
{x}.append({int})
{x}.appendleft({int})
{x}.extend({ints})
{x}.extendleft({ints})
{x}.rotate(1)
{x}.pop() if {x} else None
{x}.popleft() if {x} else None
{x}.clear()
{x}.append(0); {x}[0] = {int}
""",
    "iter": r"""
next({x}, None)
list(itertools.islice({x}, 1))
{x} = itertools.chain([{int}], {x})
{x} = map(lambda v: v + 1, {x})
""",
    "ints": r"""
{x}.extend(v for v in {ints} if v)
{x}[:] = [v for v in {x} if v != 1]
{x}[0], {x}[-1] = ({x}[-1], {x}[0]) if {x} else ({x}.append(1), 2)
{x} += (4,)
{x}.extend({iter})
{x}[len({x}):] = {tuple}
{x}[::2] = [0] * len({x}[::2])
{x}.sort(key=lambda v: (-v, v))
""",
    "strs": r"""
{x}.extend({str})
{x}[:] = sorted({x})
{x} += {str}
""",
    "table": r"""
{x}.update(zip({strs}, {ints}))
{x}.update((v, len(v)) for v in {strs})
del {x}[next(iter({x}), {x}.setdefault("k", 1) and "k")]
for k_ in list({x}): {x}[k_] += 1
""",
    "when": r"""
{x} += datetime.timedelta(hours=1)
""",
    "tuple": r"""
{x} += ({int},)
{x} *= 1
""",
    "float": r"""
{x} **= 2
""",
}
CHANGES = {
    kind: f"{PLAIN_CHANGES.get(kind, '')}\n{LIBRARY_CHANGES.get(kind, '')}"
    for kind in dict.fromkeys((*PLAIN_CHANGES, *LIBRARY_CHANGES))
}
"""Both, by kind."""
