# A value that a validator refuses is reported at its argument.
from typing import Optional

import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


def short(self, name):
    if len(getattr(self, name)) > 3:
        raise ValueError("too long")


class Train(Base):  # class: case.Train
    epochs: int = chz.field(default=1, validator=chz.validators.gt(0))
    name: str = chz.field(default="", validator=short)

    @chz.validate
    def _check(self):
        if self.epochs > 100:
            raise ValueError("too many")


def wrong():
    return Train(
        name="abc",
        epochs=0,  # problem: HUL107 'epochs' must be > 0
    )


def wrong_too():
    return Train(
        epochs=1 + 1,
        name="abcd",  # problem: HUL107 raises ValueError
    )


def wrong_as_a_whole():
    return Train(epochs=101)  # problem: HUL107 raises ValueError


right = Train(epochs=5, name="abc")  # config(Train): {epochs: 5, name: 'abc'}


class Typed(Base):  # class: case.Typed
    depth: int = chz.field(default=1, validator=chz.validators.typecheck)
    rate: Optional[float] = chz.field(default=None, validator=[chz.validators.typecheck])
    title: str = chz.field(default="", validator=chz.validators.instancecheck)


def wrong_depth():
    return Typed(depth="3")  # problem: HUL107 'depth' is no int


def wrong_rate():
    return Typed(rate="a")  # problem: HUL107 'rate' is no Optional[float]


def wrong_title():
    return Typed(title=3)  # problem: HUL107 'title' is no str


Typed(depth=True, rate=1)  # config(Typed): {depth: True, rate: 1, title: ''}
Typed(rate=2.5)  # config(Typed): {depth: 1, rate: 2.5, title: ''}
