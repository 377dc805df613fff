# Assigning to a slice is followed or not known, never ignored.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


xs = [1, 2, 3]
xs[1:] = [9]
a = T(v=xs)  # config(a): {v: [1, 9]}
