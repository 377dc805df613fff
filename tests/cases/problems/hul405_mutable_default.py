# A default that configs share and that can change is a problem; a new one for each is none.
#: not run: defining a class raises

import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


LAYERS = [1, 2]


class Written(Base):  # class: case.Written
    layers: list = [1]  # problem: HUL405 mutable default for field 'layers'


class Called(Base):  # class: case.Called
    table: dict = chz.field(default=dict())  # problem: HUL405 mutable default for field 'table'


class Named(Base):  # class: case.Named
    layers: list = LAYERS  # problem: HUL405 raises ValueError


class Inside(Base):  # class: case.Inside
    layers: tuple = (1, [2])  # problem: HUL405 holds something mutable


class Shared(Base):  # class: case.Shared
    layers: list = chz.field(default_factory=lambda: LAYERS)  # problem: HUL405 gives every config the same


class Fine(Base):  # class: case.Fine
    layers: list = chz.field(default_factory=lambda: [1])
    copied: list = chz.field(default_factory=lambda: list(LAYERS))
    pair: tuple = (1, 2)
    kinds: frozenset = frozenset({1})
    base: Base = None
    LIMITS = [1, 2]


built = Named()
