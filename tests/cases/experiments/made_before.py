# `__new__` makes the instance, or gives one that was made before, which `__init__` then sets up again.
import sys
import typing

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Single:
    _made = None

    def __new__(cls, *given):
        if cls._made is None:
            cls._made = super().__new__(cls)
        return cls._made

    def __init__(self, size=0):
        self.size = size


first, second = Single(1), Single(2)
T(v=[first.size, first is second])  # config(T): {v: [2, True]}


class Other:
    def __new__(cls, size):
        return size if size > 5 else object.__new__(cls)

    def __init__(self, size):
        self.size = size


T(v=[Other(7), Other(1).size])  # config(T): {v: [7, 1]}


class Pair(typing.NamedTuple):
    size: int


class Larger(Pair):
    def __new__(cls, size):
        return super().__new__(cls, size + 1)


T(v=Pair(1).size)  # config(T): {v: 1}
T(v=Larger(1).size)  # unknown(v): an instance of case.Larger, a record with a __new__


class Perhaps:
    def __new__(cls, size):
        return sys.argv if size > 5 else object.__new__(cls)

    def __init__(self, size):
        self.size = size


T(v=Perhaps(2).size)  # config(T): {v: 2}
T(v=Perhaps(7))  # unknown(v): sys.argv, which is outside the project
