# What a value is an instance of: what inherits, and what has the methods that an abstract class asks for.
import collections.abc
import datetime
import enum
import numbers
import os
from abc import ABC
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Job(T):  # class: case.Job
    seed: int = 0

    def __iter__(self): return iter([1])
    def __len__(self): return 3
    def __call__(self): return 1


class Table(Mapping):
    def __getitem__(self, key): return key
    def __iter__(self): return iter(())
    def __len__(self): return 0


class Rows:
    def __iter__(self): return iter([1])
    def __getitem__(self, i): return i


class Mode(enum.Enum):
    FAST = 1


class Level(enum.IntEnum):
    LOW = 1


@runtime_checkable
class Seeded(Protocol):
    seed: int


class Shape(ABC):
    @classmethod
    def __subclasshook__(cls, other): return hasattr(other, "area")


class Kept(ABC):
    pass


class Square:
    def area(self): return 1


class Circle:
    pass


Kept.register(Circle)
KINDS = (Iterable, Mapping, Sized, Callable)
a = T(v=[isinstance(Job(), kind) for kind in KINDS])  # config(T): {v: [True, False, True, True]}
b = T(v=[isinstance(Rows(), kind) for kind in (Iterable, Sequence, Sized)])  # config(T): {v: [True, False, False]}
c = T(v=isinstance(Table(), Mapping))  # unknown(v): an instance of case.Table, whose base collections.abc.Mapping is outside the project
d = T(v=[isinstance([], Sequence), isinstance({}, Mapping), isinstance("a", Iterable), isinstance(3, Iterable)])  # config(T): {v: [True, True, True, False]}
e = T(v=[isinstance(3, numbers.Number), isinstance(2.5, numbers.Integral), isinstance(True, numbers.Real)])  # config(T): {v: [True, False, True]}
f = T(v=[isinstance(Mode.FAST, kind) for kind in (Mode, enum.Enum, int, str)])  # config(T): {v: [True, True, False, False]}
g = T(v=[isinstance(Level.LOW, int), type(Mode.FAST) is Mode, type(Level.LOW).__name__])  # config(T): {v: [True, True, 'Level']}
h = T(v=isinstance(Job(), Seeded))  # unknown(v): isinstance of Seeded, which may answer by itself
i = T(v=isinstance(Square(), Shape))  # unknown(v): isinstance of Shape, which may answer by itself
j = T(v=isinstance(Circle(), Kept))  # unknown(v): isinstance of Kept, which may answer by itself
k = T(v=type(Path("a")) is type(Path("b")))  # unknown(v): the class of what is not followed
raw = T(v=isinstance(bytearray(b"ab"), bytes))  # unknown(v): isinstance of bytes, which may be a bytearray
m = T(v=memoryview(b"ab").tobytes())  # unknown(v): a call of the attribute 'tobytes' of what may be no bytes


class Pair(NamedTuple):
    left: int
    right: str = "r"


@dataclass
class Point:
    x: int
    y: int = 0


def shown(value):
    match value:
        case Mode(): return "mode"
        case Point(1): return "one"
        case Point(x, y) if x > y: return ["point", x, y]
        case Pair(left, right): return [left, right]
        case Path(suffix=".txt"): return "text"
        case Path(stem=stem): return stem
        case datetime.date(year=2024 as year): return year
        case Job(seed=seed): return seed
        case _: return "other"


VALUES = (Mode.FAST, Point(1), Point(3, 2), Point(2, 3), Pair(5), Path("a.txt"), Path("b.py"), datetime.date(2024, 1, 2), 3)
n = T(v=[shown(value) for value in VALUES])  # config(T): {v: ['mode', 'one', ['point', 3, 2], 'other', [5, 'r'], 'text', 'b', 2024, 'other']}
o = T(v=shown(Job(seed=8)))  # config(T): {v: 8}
# What is data is read as such by whatever way it is asked for.
p = T(v=[path.name for path in sorted([Path("b/a"), Path("a/c")], key=attrgetter("name"))])  # config(T): {v: ['a', 'c']}
q = T(v=[getattr(Path("a/b.c"), "stem"), "{0.stem}-{1.real}".format(Path("x/y.z"), 3)])  # config(T): {v: ['b', 'y-3']}
