# Dataclasses and named tuples as dicts and tuples.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import dataclasses
from collections import namedtuple
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass
class Inner:
    sizes: list = field(default_factory=lambda: [1])


@dataclass
class Outer:
    inner: Inner = field(default_factory=Inner)
    name: str = "a"


class Row(NamedTuple):
    x: int
    y: int = 3


Point = namedtuple("Point", "x y", defaults=[5])
T(v=dataclasses.asdict(Outer()))  # config(T): {v: {'inner': {'sizes': [1]}, 'name': 'a'}}
T(v=dataclasses.astuple(Outer()))  # config(T): {v: (([1],), 'a')}
T(v=[each.name for each in dataclasses.fields(Outer)])  # config(T): {v: ['inner', 'name']}
T(v=(Row(1)._replace(x=2), Row(1)._asdict(), Row._make([1, 2]), Row._fields))  # config(T): {v: ((2, 3), {'x': 1, 'y': 3}, (1, 2), ('x', 'y'))}
T(v=(Point(1), Point(1).y, Point(1)._replace(x=9)._asdict(), Row(1) + (4,)))  # config(T): {v: ((1, 5), 5, {'x': 9, 'y': 5}, (1, 3, 4))}
T(v=dataclasses.asdict(Outer(), dict_factory=list))  # unknown(v): asdict() in a way that is not followed
T(v=[each.type for each in dataclasses.fields(Outer)])  # unknown(v): what a dataclass field says
