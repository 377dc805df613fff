# The text of an enum member differs between Python versions, so it is not known.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import enum


class Mode(str, enum.Enum):
    FAST = "fast"


a = T(v=f"{Mode.FAST}")  # unknown(v): the text of an enum member
b = T(v=Mode.FAST.value)  # config(T): {v: 'fast'}
