# The members of an enum with an `__init__` have what that sets, as the class is made.
import enum
import sys

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


UNIT = 2


class Model(enum.Enum):
    SMALL = (64, "s")
    LARGE = (512, "l")
    BIG = (512, "l")

    def __init__(self, width, letter):
        self.width = width * UNIT
        self.letter = f"{self.name}-{letter}"

    @property
    def label(self):
        return f"{self.letter}{self.width}"


UNIT = 3
for model in Model:
    T(v=(model.name, model.width, model.label))  # configs(T): 2
T(v=[Model.BIG.letter, Model((64, "s")).width, Model.SMALL.value])  # config(T): {v: ['LARGE-l', 128, (64, 's')]}


class Own(enum.Enum):
    ONE = (1, "one")

    def __init__(self, number, text):
        self._value_ = number
        self.text = text


T(v=Own.ONE.text)  # config(T): {v: 'one'}
T(v=Own.ONE.value)  # unknown(v): the value that Own gives ONE itself


class Outside(enum.Enum):
    ONE = 1

    def __init__(self, number):
        self.size = number + len(sys.argv)


T(v=Outside.ONE.size)  # unknown(v): the length of a sys.argv
T(v=Outside.ONE.value)  # config(T): {v: 1}
