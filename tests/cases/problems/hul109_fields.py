# A field must not be what a base class has defined, nor be there as the raw value of another one.
#: file case.py
import typing

import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    size: int = 1

    def score(self): return 3
    def _create(self): return 1
    def _load(self): return 1


class Raw(Base):  # class: case.Raw
    X_width: int = 2


class Pinned(Base):  # class: case.Pinned
    size: typing.ClassVar[int] = 9


class Typed(Base):  # class: case.Typed
    if typing.TYPE_CHECKING:
        size = 5


class Plain(Raw):  # class: case.Plain
    # problem: HUL109 field 'width' is there as X_width already
    width: int = 3


class Both(Base):  # class: case.Both
    X_width: int = 2
    # problem: HUL109 field 'width' is there as X_width already
    width: int = 3


class Bare(Base):  # class: case.Bare
    # problem: HUL109 field 'score' conflicts with something that a base class defines
    score = chz.field(default=1)


class Again(Pinned):  # class: case.Again
    # problem: HUL109 field 'size' conflicts with something that a base class defines
    size: int = 4
