# A check that may raise does not make what follows conditional.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


#: not run: the environment decides

import os

if not os.environ.get("HOME"):
    raise SystemExit("no home")
a = T(v=1)  # conditional(T): no
