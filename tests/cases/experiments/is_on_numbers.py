# Whether two equal numbers are one object is not known.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


#: not run: Python warns

a = T(v=1000 is 500 + 500)  # unknown(v): `is` on values
b = T(v=None is None)  # config(T): {v: True}
