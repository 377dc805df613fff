# A walrus binds in the scope around it.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


xs = [y := 3, y + 1]
a = T(v=xs)  # config(T): {v: [3, 4]}
b = T(v=y)  # config(T): {v: 3}
