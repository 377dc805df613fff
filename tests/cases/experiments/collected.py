# Entries of a collection are its configs, by name and in order.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import os


class Sweep(huldra.HuldraList[T]):
    small = T(v=1)
    large = T(v=2)


T(v=[each.v for each in Sweep])  # config(T): {v: [1, 2]}
T(v=Sweep.by_name("large").v)  # config(T): {v: 2}
T(v=Sweep.by_name(os.environ["NAME"]).v)  # unknown(v): os.environ, which is outside the project
