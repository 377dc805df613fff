# Fields of dataclasses that the constructor takes by name, or not at all; options that are no constants are not followed.
import dataclasses
import os
from dataclasses import KW_ONLY, InitVar, dataclass, field

import huldra

LATER = bool(os.environ["LATER"])


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self):
        return 1

    def _load(self):
        return 1


@dataclass
class Vit:
    dim: int = 192
    heads: int = field(init=False)
    cache: dict = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self):
        self.heads = self.dim // 64


@dataclass(kw_only=True)
class Named:
    name: str = "n"


@dataclass
class Run(Named):
    steps: int = 2
    _: KW_ONLY
    seed: int = 3


@dataclass
class Scaled:
    size: int
    factor: InitVar[int] = 2

    def __post_init__(self, factor):
        self.size *= factor


@dataclass
class Unclear:
    a: int = field(default=1, init=LATER)


a = T(v=dataclasses.asdict(Vit(256)))  # config(T): {v: {'dim': 256, 'heads': 4, 'cache': {}}}
b = T(v=repr(dataclasses.replace(Vit(), dim=640)))  # config(T): {v: 'Vit(dim=640, heads=10)'}
c = T(v=dataclasses.astuple(Run(5, seed=6)))  # config(T): {v: ('n', 5, 6)}
d = T(v=dataclasses.asdict(Scaled(3, factor=4)))  # config(T): {v: {'size': 12}}
e = T(v=Vit() == Vit(192))  # config(T): {v: True}
f = T(v=Unclear().a)  # unknown(v): an instance of case.Unclear, whose field 'a' has options that are not followed
