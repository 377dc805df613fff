# A loop over something unknown builds a dynamic site.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import sys

for arg in sys.argv:
    T(v=arg)  # unknown(v): an element of an unknown iterable
