# Closures see the variable, not the value it once had.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


makers = [lambda: i for i in range(3)]
a = T(v=[make() for make in makers])  # config(T): {v: [2, 2, 2]}


def counter():
    n = 0

    def step():
        nonlocal n
        n += 1
        return n

    return step


step = counter()
step()
b = T(v=step())  # config(T): {v: 2}
