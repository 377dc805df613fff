# The environment is not known; a literal default is one of the values that it may give: both are said.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import os

# config(T): {v: '0.1'}
# conditional(T): both
a = T(v=os.environ.get("LR", "0.1"))  # unknown(v): a call of os.environ.get
# config(T): {v: 3}
b = T(v=int(os.getenv("N", default="3")))  # unknown(v): int(…) of a call of os.getenv
c = T(v=os.environ.get("OTHER"))  # unknown(v): a call of os.environ.get
d = T(v=4)  # conditional(T): no
