# Zip, enumerate, product, sorted and reversed keep their order.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import itertools

for i, (a, b) in enumerate(zip("xy", (3, 4)), start=1):
    T(v=(i, a, b))  # configs(T): {v: (1, 'x', 3)}; {v: (2, 'y', 4)}
p = [T(v=x) for x in itertools.product([1], [2, 3])]  # configs(T): {v: (1, 2)}; {v: (1, 3)}
s = T(v=sorted([3, 1, 2], reverse=True))  # config(T): {v: [3, 2, 1]}
r = T(v=list(reversed((1, 2))))  # config(T): {v: [2, 1]}
m = T(v=(min(3, 1), max([2, 5]), sum([1, 2]), len("abc"), round(2.567, 1), abs(-2)))  # config(T): {v: (1, 5, 3, 3, 2.6, 2)}
