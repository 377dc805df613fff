# An iterator of a module that a _create reads gives each run what the runs before it have left.
import itertools

import huldra

NUMBERS = itertools.count(5)
FIXED = [7, 8]


class Part(huldra.Huldra[int]):  # class: case.Part
    n: object

    def _create(self): return 1
    def _load(self): return 1


class Train(huldra.Huldra[int]):  # class: case.Train
    seed: int = 0

    def _create(self):
        Part(n=next(NUMBERS)).load_or_create()  # unknown(n): _create changes it, so it depends on what has run before
        Part(n=next(iter(FIXED))).load_or_create()  # config(Part): {n: 7}
        return 1

    def _load(self): return 1


Train(seed=1)  # config(Train): {seed: 1}
Train(seed=2)  # config(Train): {seed: 2}
