# After a break that may have happened nothing that the loop changed is certain.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import os

n = 0
for i in range(3):
    n += 1
    if os.environ.get("STOP"):
        break
    T(v=i)  # conditional(T): yes
a = T(v=n)  # unknown(v): depends on the condition
b = T(v="after")  # conditional(T): no
