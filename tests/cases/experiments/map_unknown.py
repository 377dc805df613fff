# A function that is mapped over what is not known may be called any number of times.
import os

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


values = [1, 2]
if os.environ.get("FEW"):
    values[1:] = []
# conditional(T): yes
made = list(map(lambda value: T(v=7), values))  # config(T): {v: 7}
