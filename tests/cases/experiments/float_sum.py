# How floats are summed depends on the version of Python.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


a = T(v=sum([0.1] * 3))  # unknown(v): a sum of floats
b = T(v=sum([1, 2]))  # config(T): {v: 3}
