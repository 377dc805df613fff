# A return under an unknown condition leaves the value open.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import os


def pick():
    if os.environ.get("A"):
        return 1
    return 2


x = T(v=pick())  # unknown(v): the returned value depends on a condition
