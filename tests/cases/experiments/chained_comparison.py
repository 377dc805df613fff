# A chain of comparisons stops where it fails.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


x = 5
a = T(v=(1 < x < 10, 1 < x < 3, x == 5 != 4))  # config(T): {v: (True, False, True)}
b = T(v=(x and 0 or "z", None or [], 0 and undefined))  # config(T): {v: ('z', [], 0)}
