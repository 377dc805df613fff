# What only gives a type another name gives its argument back; what stands in brackets after a class.
import os
import typing
from typing import Literal, NewType, cast, get_args

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


Seed = NewType("Seed", int)
Name = typing.NewType("Name", str)
a = T(v=[Seed(3), cast(int, "x"), list(map(Seed, [1, 2]))])  # config(T): {v: [3, 'x', [1, 2]]}
b = T(v=Name(os.environ["NAME"]))  # unknown(v): os.environ, which is outside the project
Rate = Literal["fixed", "cosine"]
Any = Literal[Rate, "linear", None, 1, True, "fixed"]
c = [T(v=rate) for rate in get_args(Rate)]  # configs(T): {v: 'cosine'}; {v: 'fixed'}
d = T(v=typing.get_args(Any))  # config(T): {v: ('fixed', 'cosine', 'linear', None, 1, True)}
e = T(v=len(get_args(dict[str, int])))  # unknown(v): the arguments of a type


class Registry:
    def __class_getitem__(cls, name): return [cls.__name__, name]


class Named(type):
    def __getitem__(cls, name): return name * 2


class Table(metaclass=Named):
    pass


f = T(v=Registry["a"])  # config(T): {v: ['Registry', 'a']}
g = T(v=Table["a"])  # unknown(v): an element of the class Table, whose metaclass may give it
