# What a progress bar shows is what it was given.
import sys

import rich.progress
from rich.progress import track

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


for size in track([1, 2, 3], description="sizes"):
    T(v=size)  # configs(T): 3
for size in rich.progress.track(sys.argv):
    T(v=("given", size))  # unknown(v): an element of an unknown iterable
