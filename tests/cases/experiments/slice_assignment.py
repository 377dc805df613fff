# Assigning to a slice is followed or not known, never ignored.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


#: not run: the engine may or may not follow it
xs = [1, 2, 3]
xs[1:] = [9]
a = T(v=xs)  # unknown(v): an unknown index was set
