# What decorates a class comes after its base has made it a config class: a dataclass then, but for some options.
#: file case.py
import dataclasses

import huldra


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


@dataclasses.dataclass
class Plain(Base):  # class: case.Plain
    x: int
    y: int = 4


@dataclasses.dataclass(order=True)
class Ordered(Base):  # class: case.Ordered
    x: int = 1


Plain(x=2)  # config(Plain): {x: 2, y: 4}
Ordered(x=3)  # config(Ordered): {x: 3}
#: file twice.py
import dataclasses

import chz

from case import Base, Plain


@dataclasses.dataclass(frozen=True)
# problem: HUL109 cannot overwrite __setattr__
class Frozen(Base):  # class: twice.Frozen
    x: int = 1


# problem: HUL109 cannot mix a config class with the dataclass case.Plain
class Below(Plain):  # class: twice.Below
    z: int = 1


@chz.chz
# problem: HUL109 is a config class without chz.chz
class Again(Base):  # class: twice.Again
    x: int = 1
