# The default of a field is that of the class that annotates it; what a class below sets is an attribute of that class.
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
