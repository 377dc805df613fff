# The environment is not known, whatever the default.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import os

a = T(v=os.environ.get("LR", "0.1"))  # unknown(v): a call of os.environ.get
b = T(v=int(os.getenv("N", "3")))  # unknown(v): int(…) of a call of os.getenv
