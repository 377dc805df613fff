# A generator goes on where it was left.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


g = (i for i in range(4))
first = next(g)
a = T(v=(first, list(g)))  # config(T): {v: (0, [1, 2, 3])}
b = T(v=next(g, "end"))  # config(T): {v: 'end'}
