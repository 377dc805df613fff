# Plain holders of values are followed: dataclasses, named tuples, classes with __init__.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


from dataclasses import dataclass, field, replace
from typing import NamedTuple


@dataclass
class Options:
    lr: float = 0.1
    tags: list = field(default_factory=list)

    @property
    def double(self):
        return self.lr * 2


class Pair(NamedTuple):
    a: int
    b: int = 2


class Box:
    limit = 5

    def __init__(self, n):
        self.n = n

    def grow(self, k=1):
        self.n += k
        return self


o = Options(lr=0.5)
o.tags.append("x")
a = T(v=(o.lr, o.tags, o.double))  # config(T): {v: (0.5, ['x'], 1.0)}
b = T(v=replace(o, lr=1.0).lr)  # config(T): {v: 1.0}
c = T(v=Pair(1))  # config(T): {v: (1, 2)}
d = T(v=Box(3).grow().grow(2).n + Box.limit)  # config(T): {v: 11}
