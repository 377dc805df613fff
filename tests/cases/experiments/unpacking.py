# Unpacking with a star takes the rest.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


first, *middle, last = range(5)
a = T(v=(first, middle, last))  # config(T): {v: (0, [1, 2, 3], 4)}
(b, c), d = (1, 2), 3
e = T(v=[b, c, d])  # config(T): {v: [1, 2, 3]}
