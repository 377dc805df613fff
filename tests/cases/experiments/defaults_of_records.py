# The default of a field is that of the class that annotates it; what a class below sets is an attribute of that class.
from collections import namedtuple
from dataclasses import dataclass, field
from enum import Flag
from typing import ClassVar, NamedTuple

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


@dataclass
class Options:
    rate: float = 0.1
    steps: int = field(default=4)
    names: list = field(default_factory=list)


@dataclass
class Faster(Options):
    rate = 0.5
    steps = 8


class Plain(Options):
    rate = 0.7


@dataclass
class Said(Faster):
    rate: float


@dataclass
class Fewer(Options):
    steps: ClassVar[int] = 9


@dataclass
class Unset:
    seed: int = field(default=3, init=False)
    depth: int = 2


@dataclass(slots=True)
class Slotted(Options):
    depth: int = 2


class Row(NamedTuple):
    a: int = 1


class Longer(Row):
    b: int = 2


Pair = namedtuple("Pair", "x y", defaults=(3,))


class Tuned(T):  # class: case.Tuned
    lr: float = 0.5


class Access(Flag):
    READ = 1
    WRITE = 2

    @classmethod
    def _missing_(cls, value):
        return cls.READ


T(v=(Faster().rate, Faster().steps, Faster.rate))  # config(T): {v: (0.1, 4, 0.5)}
T(v=Plain().rate)  # config(T): {v: 0.1}
T(v=Said().rate)  # config(T): {v: 0.5}
T(v=repr(Fewer()))  # config(T): {v: 'Fewer(rate=0.1, names=[])'}
T(v=Unset().seed)  # config(T): {v: 3}
T(v=vars(Unset()))  # unknown: v: which fields the constructor sets as attributes
T(v=vars(Slotted()))  # unknown: v: which fields the constructor sets as attributes
T(v=Row._field_defaults)  # unknown: v: the defaults of a class
T(v=(Access.READ | Access.WRITE).value)  # unknown: v: an operation on enum members
# What a class gives for a field is then no default: instances are read by it.
T(v=type(Row.a).__name__)  # unknown: v: Row.a, which is what instances are read by and not a default
T(v=type(Pair.y).__name__)  # unknown: v: the class of what is not followed
T(v=type(Slotted.depth).__name__)  # unknown: v: Slotted.depth, which is what instances are read by and not a default
T(v=type(Tuned.lr).__name__)  # unknown: v: Tuned.lr, which is what instances are read by and not a default
T(v=(Row().a, Pair(1).y, Slotted().depth, Tuned().lr))  # config(T): {v: (1, 3, 2, 0.5)}
T(v=(Longer.b, Pair._fields, Row._fields))  # config(T): {v: (2, ('x', 'y'), ('a',))}
