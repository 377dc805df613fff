# A condition that is not known makes what is built conditional.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import os

runs = [T(v=i) for i in range(2) if os.environ.get("FULL")]  # conditional(T): yes
