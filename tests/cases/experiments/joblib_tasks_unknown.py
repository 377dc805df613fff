# How often a function is called whose tasks are not known, nobody knows; what it is given is in doubt.
import os

from joblib import Parallel, delayed

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def build(v):
    return T(v=v)  # unknown(v): an element of an unknown iterable


build(1)
Parallel()(delayed(build)(v) for v in os.environ.get("VALUES", "").split())
