# A deleted name is gone, and the one it hid comes back.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


len = 5
del len
a = T(v=len([1]))  # config(T): {v: 1}
