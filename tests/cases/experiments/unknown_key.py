# A dict with an unknown key is not known as a whole.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import os

d = {"a": 1}
d[os.environ.get("K", "k")] = 2
a = T(v=d)  # unknown(v): an unknown key was set
