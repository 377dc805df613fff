# Slices and unpacking of known values are known, of others not.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import os

values = [1, 2, 3, 4]
first, *rest = values
T(v=(values[1:3], values[::-1], "abc"[:2], first, rest))  # config(T): {v: ([2, 3], [4, 3, 2, 1], 'ab', 1, [2, 3, 4])}
T(v=values[: os.cpu_count()])  # unknown(v): a call of os.cpu_count
one, two = os.get_terminal_size()
T(v=one)  # unknown(v): a part of an unknown value
