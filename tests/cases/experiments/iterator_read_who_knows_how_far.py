# Where it cannot be told how far an iterator is read, all that reading it builds may be built.
import itertools
import os

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


limit = int(os.environ.get("LIMIT", "1"))


def made(name):
    for number in range(2):
        yield T(v=(name, number))  # configs(T): {v: ('any', 0)}; {v: ('any', 1)}; {v: ('in', 0)}; {v: ('in', 1)}; {v: ('zip', 0)}; {v: ('zip', 1)}


for each, letter in zip(made("zip"), os.environ.get("WORD", "ab")):
    pass
any(each.v[1] >= limit for each in made("any"))
limit in (each.v[1] for each in made("in"))
# conditional(T): yes
list(itertools.islice((T(v=("slice", n)) for n in (1, 2)), limit))  # configs(T): {v: ('slice', 1)}; {v: ('slice', 2)}
list(itertools.takewhile(lambda each: each.v[1] < limit, map(lambda n: T(v=("while", n)), (0, 1))))  # configs(T): {v: ('while', 0)}; {v: ('while', 1)}
left = iter([1, 2, 3])
for number, letter in zip(left, os.environ.get("WORD", "ab")):
    pass
T(v=list(left))  # unknown(v): a call of os.environ.get, which is outside the project
sorted([limit, 2], key=lambda n: T(v=("key", n)).v[1])  # unknown(v): int(…) of a call of os.environ.get, which is outside the project
