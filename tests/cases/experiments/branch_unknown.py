# Under an unknown condition both branches count, and both are conditional.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import os

if os.environ.get("BIG"):
    size = 10
    T(v="big")  # conditional(T): yes
else:
    size = 1
    T(v="small")  # conditional(T): yes
x = T(v=size)  # unknown(v): depends on the condition:
same = T(v="after")  # conditional(T): no
