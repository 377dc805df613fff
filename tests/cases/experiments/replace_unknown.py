# A variation of an experiment that is not known is a site; what replaces it is known, the rest is not.
import sys

import huldra
from huldra import chz


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None
    n: int = 0

    def _create(self): return 1
    def _load(self): return 1


one, two = T(v=1), T(v=2)  # config(T#1): {n: 0, v: 1}
chosen = [one, two][len(sys.argv) % 2]
a = chz.replace(chosen, n=3)  # configs(replace): {n: 3, v: 1}; {n: 3, v: 2}


def harder(base: T, other, n=2):
    T(v=("base", n))  # config(T): {n: 0, v: ('base', 2)}
    chz.replace(other, n=4)  # config(replace): nothing
    return chz.replace(base, n=n)  # unknown: v: a field of argument of harder()


def wrong(base: T):
    return chz.replace(base, lr=n)  # config(replace): nothing


class Other(huldra.Huldra[int]):  # class: case.Other
    n: int = 1

    def _create(self): return 1
    def _load(self): return 1


CLASSES = {"t": T, "other": Other}
b = CLASSES[sys.argv[0]](n=5)  # configs: {n: 5, v: None}; {n: 5}
