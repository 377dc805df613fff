# What certainly cannot be iterated over raises: nothing after it is built. What may be iterable is only not known.
import enum
from pathlib import Path

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object

    def _create(self): return 1
    def _load(self): return 1


class Each(huldra.Huldra[int]):  # class: case.Each
    v: object

    def _create(self):
        for part in self.v:
            if isinstance(part, int):
                T(v=part)  # config(T): {v: 1}; {v: 2}
        return 1

    def _load(self): return 1


class Plain:
    pass


class Listed:
    def __getitem__(self, index):
        return [4, 5][index]


Each(v=[1, 2])  # config(Each): {v: [1, 2]}
Each(v=5)  # config(Each): {v: 5}
for wrong in (None, 3, 2.5, Path("a"), Plain()):
    try:
        for each in wrong:
            T(v=each)
        T(v="never")
    except TypeError:
        pass
for each in Listed():
    T(v=each)  # unknown(v): an element of an unknown iterable: iterating over a Listed
try:
    {"a": 1} * 2
    T(v="never")
except TypeError:
    T(v="no product of dicts")  # config(T): {v: 'no product of dicts'}
