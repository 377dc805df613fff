# What every version of Python takes for a member of an enum is one; a partial, or a class inside, may be none.
import enum
from contextlib import contextmanager
from functools import partial

import huldra


class Job(huldra.Huldra[int]):  # class: case.Job
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Small: pass


class Kind(enum.Enum):
    SMALL = Small
    SAME = Small
    MARKED = enum.member(partial(max, 1))
    OTHER = enum.member(partial(max, 1))
    PLAIN = enum.nonmember(3)
    MORE = PLAIN + 1

    @contextmanager
    def opened(self): yield self.PLAIN

    @enum.nonmember
    class Inner: pass


a = Job(v=(Kind.SMALL, Kind.SAME, Kind.MARKED, Kind.OTHER))  # config(Job): {v: (Kind.SMALL, Kind.SMALL, Kind.MARKED, Kind.OTHER)}
b = Job(v=(Kind.PLAIN, Kind.MARKED.value(2)))  # config(Job): {v: (3, 2)}
c = Job(v=len(Kind))  # config(Job): {v: 4}
h = Job(v=(Kind(Small), Kind.MORE.value, [kind.name for kind in Kind]))  # config(Job): {v: (Kind.SMALL, 4, ['SMALL', 'MARKED', 'OTHER', 'MORE'])}
with Kind.MORE.opened() as opened:
    i = Job(v=opened)  # config(Job): {v: 3}


class Numbered(enum.Enum):
    ONE = enum.member(enum.auto())
    TWO = enum.auto()


j = Job(v=[each.value for each in Numbered])  # config(Job): {v: [1, 2]}


class Act(enum.Enum):
    ONE = 1
    RELU = partial(max, 0)

    class Inner: pass


d = Job(v=Act.ONE)  # config(Job): {v: Act.ONE}
e = Job(v=Act.RELU)  # unknown(v): whether Act.RELU is a member: functools.partial is bound
f = Job(v=Act.Inner)  # unknown(v): whether Act.Inner is a member: a class inside an enum
g = Job(v=len(Act))  # unknown(v): whether Act.RELU is a member


class Preset(enum.Enum):
    LOW = partial(Job, v="low")
    HIGH = partial(Job, v="high")


for preset in Preset:
    preset.value()  # configs(value): {v: 'high'}; {v: 'low'}


class Shapes(enum.Enum):
    FLAT = Small
    MAYBE = id(3)
    CLASS = Kind

    class Round(huldra.Huldra[int]):  # class: case.Shapes.Round
        r: int = 1

        def _create(self): return 1
        def _load(self): return 1


k = Job(v=Shapes.FLAT)  # config(Job): {v: Shapes.FLAT}
l = Job(v=Shapes.CLASS)  # unknown(v): whether CLASS of Shapes is an alias
