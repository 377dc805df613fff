# Defaults that build each other for ever are a problem; one that is given a value ends.
#: not run: it recurses

import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class Left(Base):  # class: case.Left
    right: object = chz.field(default_factory=lambda: Right())


class Right(Base):  # class: case.Right
    left: object = chz.field(default_factory=lambda: Left())  # problem: HUL108 and so on for ever


class Ends(Base):  # class: case.Ends
    inner: object = chz.field(default_factory=lambda: Ends(inner=None))


loop = Right()
fine = Ends()  # config(Ends): {inner: Ends{inner: None}}
