# Arithmetic with something unknown is unknown, for the same reason.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import random

a = T(v=random.random() * 2)  # unknown(v): a call of random.random
b = T(v=1 + undefined_name)  # unknown(v): the name 'undefined_name'
