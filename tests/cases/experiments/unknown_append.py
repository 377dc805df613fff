# A list that may have grown is not known.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import os

xs = [1]
if os.environ.get("MORE"):
    xs.append(2)
a = T(v=xs)  # unknown(v): depends on the condition
b = T(v=len(xs))  # unknown(v): depends on the condition
