# Recursion that ends is followed.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def fact(n):
    return 1 if n <= 1 else n * fact(n - 1)


x = T(v=fact(5))  # config(T): {v: 120}
