# What the factory of a default builds is built unless a star argument gives the field.
import sys

import huldra
from huldra import chz


class Split(huldra.Huldra[int]):  # class: case.Split
    n: int = 1

    def _create(self): return 1
    def _load(self): return 1


class Train(huldra.Huldra[int]):  # class: case.Train
    lr: float = 0.1
    split: Split = chz.field(default_factory=lambda: Split(n=5))  # config(Split): {n: 5}

    def _create(self): return 1
    def _load(self): return 1


options = {sys.argv[0]: 3}
run = Train(**options)  # unknown: lr: whether it is given is not known: sys.argv, which is outside the project; split: whether it is given is not known: sys.argv, which is outside the project
