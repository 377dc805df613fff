# Enums with special methods of their own; what is a text or number too answers as such where it has none.
import enum
import os

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Size(enum.StrEnum):
    SMALL = "s"
    MEDIUM = "m"
    LARGE = "l"

    def __lt__(self, other): return list(Size).index(self) < list(Size).index(other)

    @classmethod
    def up_to(cls, top): return [size for size in cls if size < top or size is top]


class Stage(enum.Enum):
    FIRST = 1
    SECOND = 2

    def __lt__(self, other): return self.value < other.value
    def __add__(self, count): return Stage(self.value + count)
    def __bool__(self): return self.value > 1


class Clock(enum.Enum):
    NOW = 1

    def __lt__(self, other): return bool(os.environ["LATE"])


a = T(v=[size.value for size in Size.up_to(Size.MEDIUM)])  # config(T): {v: ['s', 'm']}
b = T(v=[size.value for size in sorted(Size)])  # config(T): {v: ['s', 'm', 'l']}
c = T(v=(max(Size).value, Size.LARGE < Size.SMALL, "z" > "a"))  # config(T): {v: ('s', False, True)}
d = T(v=[stage.name for stage in sorted([Stage.SECOND, Stage.FIRST])])  # config(T): {v: ['FIRST', 'SECOND']}
e = T(v=((Stage.FIRST + 1).name, bool(Stage.FIRST)))  # config(T): {v: ('SECOND', False)}
f = T(v=Clock.NOW < Clock.NOW)  # unknown(v): os.environ, which is outside the project
