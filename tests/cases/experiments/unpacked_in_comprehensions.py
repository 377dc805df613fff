# A star in a comprehension gives one item after another, of dicts their entries, the last of a key staying (PEP 798).
#: not run: Python reads it from 3.15 on
import os

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


GROUPS = [(1, 2), (), (3,)]
EXTRA = [{"a": 1, "b": 2}, {"b": 3}]
runs = [T(v=v) for v in [*group for group in GROUPS]]  # configs(T): {v: 1}; {v: 2}; {v: 3}
total = T(v=sum((*group for group in GROUPS if len(group) != 1)))  # config: {v: 3}
merged = T(v={**extra for extra in EXTRA})  # config: {v: {'a': 1, 'b': 3}}
some = T(v=len({*group for group in [(1, 2), (2, 4)]}))  # config: {v: 3}
unknown = T(v=[*group for group in [os.environ["GROUP"]]])  # unknown(v): depends on the loop: os.environ
