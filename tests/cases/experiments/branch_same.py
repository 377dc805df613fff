# A name that both branches leave equal is known.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import os

if os.environ.get("BIG"):
    tag = "t"
else:
    tag = "t"
x = T(v=tag)  # config(T): {v: 't'}
