# Operators of the project's own classes are the methods that they define.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import functools
from dataclasses import dataclass


class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __rmul__(self, factor):
        return Vector(self.x * factor, self.y * factor)

    def __eq__(self, other):
        return isinstance(other, Vector) and (self.x, self.y) == (other.x, other.y)

    def __lt__(self, other):
        return self.x < other.x

    def __getitem__(self, index):
        return (self.x, self.y)[index]

    def __len__(self):
        return 2

    def __contains__(self, value):
        return value in (self.x, self.y)

    def __call__(self, n):
        return self.x + n

    def __str__(self):
        return f"V{self.x}"


class Longer(Vector):
    def __add__(self, other):
        return 42


@dataclass(order=True)
class Size:
    width: int
    height: int = 2


a, b = Vector(1, 2), Vector(3, 4)
T(v=((a + b).x, (3 * a).y, a[1], len(a), 3 in b, a(4), str(a)))  # config(T): {v: (4, 6, 2, 2, True, 5, 'V1')}
T(v=(a == Vector(1, 2), a != b, a < b, a > b))  # config(T): {v: (True, True, True, False)}
T(v=[v.x for v in sorted([b, a])])  # config(T): {v: [1, 3]}
T(v=((a + Longer(1, 2)).x, Longer(1, 2) + a))  # config(T): {v: (2, 42)}
T(v=(Size(1) == Size(1), Size(1) < Size(2), max(Size(3), Size(1)).width))  # config(T): {v: (True, True, 3)}


class Nothing:
    def __add__(self, other):
        return None


T(v=Nothing() + 1)  # config(T): {v: None}


@functools.total_ordering
class Ranked:
    def __init__(self, rank):
        self.rank = rank

    def __lt__(self, other):
        return self.rank < other.rank

    def __eq__(self, other):
        return self.rank == other.rank


@functools.total_ordering
class AtLeast:
    def __init__(self, rank):
        self.rank = rank

    def __ge__(self, other):
        return self.rank >= other.rank if isinstance(other, AtLeast) else NotImplemented


T(v=[Ranked(a) <= Ranked(b) for a, b in ((1, 2), (2, 1), (1, 1))])  # config(T): {v: [True, False, True]}
T(v=[(Ranked(a) > Ranked(b), Ranked(a) >= Ranked(b)) for a, b in ((1, 2), (1, 1))])  # config(T): {v: [(False, False), (False, True)]}
# Without an `__eq__` no two are equal.
T(v=[(AtLeast(1) <= AtLeast(b), AtLeast(1) > AtLeast(b), AtLeast(1) < AtLeast(b)) for b in (1, 2)])  # config(T): {v: [(False, True, False), (True, False, True)]}
T(v={a.x: 1, Size(1): 2} if a else 0)  # unknown(v): a Size as a dict key or set element


class Pipeline:
    def __init__(self, *steps):
        self.steps = steps

    def __rshift__(self, step):
        return Pipeline(*self.steps, step)

    def __or__(self, step):
        return Pipeline(*self.steps, step) if step is not T else NotImplemented

    def __call__(self, value):
        for step in self.steps:
            value = step(value)
        return value


# What stands before a function, a class or a bound method answers first.
T(v=(Pipeline() >> str >> (lambda text: text * 2) >> functools.partial(int, base=16))(12))  # config(T): {v: 4626}
T(v=(Pipeline() | abs | a.__len__.__class__ if 0 else Pipeline() | abs)(-3))  # config(T): {v: 3}
try:
    T(v=Pipeline() | T)  # unknown(v): `|` on a class
except TypeError:
    pass
