# What is no field of a class hides the field of a class further up its order, and is what is hashed.
import abc
import typing
from typing import ClassVar

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Base(T):  # class: case.Base
    size: int = 1
    rate: float = 0.5


class Mixin:
    size = 7

    def rate(self):
        return 3


class Mixed(Mixin, Base):  # class: case.Mixed
    pass


class Annotated:
    size: int = 8


class OfAnnotated(Annotated, Base):  # class: case.OfAnnotated
    pass


class Behind(Base, Annotated):  # class: case.Behind
    pass


class Pinned(Base):  # class: case.Pinned
    size: ClassVar[int] = 9


class Below(Pinned):  # class: case.Below
    more: int = 2


class Last(Base):  # class: case.Last
    other: int = 1
    other: ClassVar[int] = 2
    if not typing.TYPE_CHECKING:
        third: int = 3
    else:
        fourth: int = 4


class Plain:
    @abc.abstractmethod
    def score(self): ...


class Concrete(Base, Plain):  # class: case.Concrete
    pass


Base(size=5)  # config(Base): {rate: 0.5, size: 5, v: None}
# problem: HUL105 Mixed cannot be hashed: field 'rate' holds a function
T(v=Mixed(size=5).size)  # config(T): {v: 7}
OfAnnotated()  # config(OfAnnotated): {rate: 0.5, size: 8, v: None}
OfAnnotated(size=5)  # config(OfAnnotated): {rate: 0.5, size: 8, v: None}
Behind(size=5)  # config(Behind): {rate: 0.5, size: 5, v: None}
Pinned(size=5)  # config(Pinned): {rate: 0.5, size: 9, v: None}
Below()  # config(Below): {more: 2, rate: 0.5, size: 9, v: None}
Last()  # config(Last): {rate: 0.5, size: 1, third: 3, v: None}
Concrete()  # config(Concrete): {rate: 0.5, size: 1, v: None}


class Raw(T):  # class: case.Raw
    width = 3
    X_width: int = 4


Raw(width=5)  # config(Raw): {v: None, width: 3}
