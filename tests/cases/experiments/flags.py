# Flags: what they make together in the body of their class and after it, and what of them a loop gives.
import enum
import os

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Feature(enum.Flag):
    NONE = 0
    CASE = enum.auto()
    PUNCT = enum.auto()
    BOTH = CASE | PUNCT
    STEM = enum.auto()
    ALL = BOTH | STEM

    @property
    def names(self): return [part.name for part in self]


class Level(enum.IntEnum):
    LOW = enum.auto()
    HIGH = LOW * 10
    TOP = enum.auto()


class Word(enum.StrEnum):
    RED = enum.auto()
    DARK = "dark-" + RED


a = [T(v=flag) for flag in Feature]  # configs(T): {v: Feature.CASE}; {v: Feature.PUNCT}; {v: Feature.STEM}
b = T(v=(len(Feature), list(Feature.__members__)))  # config(T): {v: (3, ['NONE', 'CASE', 'PUNCT', 'BOTH', 'STEM', 'ALL'])}
c = T(v=[Feature.CASE | Feature.PUNCT, Feature.ALL & ~Feature.CASE, ~Feature.BOTH])  # config(T): {v: [Feature.BOTH, Feature.PUNCT|STEM, Feature.STEM]}
d = T(v=[Feature.ALL.value, Feature.STEM.value, Feature.ALL ^ Feature.ALL])  # config(T): {v: [7, 4, Feature.NONE]}
e = T(v=(Feature.CASE in Feature.ALL, Feature.STEM in Feature.BOTH))  # config(T): {v: (True, False)}
f = T(v=[bool(Feature.NONE), "some" if Feature.BOTH & Feature.STEM else "none"])  # config(T): {v: [False, 'none']}
g = T(v=Feature.ALL.names)  # config(T): {v: ['CASE', 'PUNCT', 'STEM']}
h = [T(v=[flag.value, number]) for flag, number in zip(Feature, (7, 8, 9))]  # configs(T): {v: [1, 7]}; {v: [2, 8]}; {v: [4, 9]}
i = T(v=[level.value for level in Level])  # config(T): {v: [1, 10, 11]}
j = T(v=Word.DARK.value)  # config(T): {v: 'dark-red'}


class Asked(enum.Flag):
    ONE = enum.auto()
    SOME = int(os.environ.get("SOME", "2"))


k = [T(v=flag.name) for flag in Asked]  # unknown(v): an element of an unknown iterable: whether SOME of Asked is an alias: int(…) of a call of os.environ.get, which is outside the project
