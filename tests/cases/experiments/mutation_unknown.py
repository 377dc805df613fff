# What was given to code that cannot be followed may have changed.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import random

xs = [1, 2]
random.shuffle(xs)
a = T(v=xs)  # unknown(v): it was given to random.shuffle
