# A walrus inside a comprehension binds outside it.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


y = 0
xs = [y := x for x in (1, 2)]
a = T(v=y)  # config(T): {v: 2}
