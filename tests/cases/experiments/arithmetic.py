# Arithmetic on constants is done as Python does it.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


A, B = 7, 2
a = T(v=A / B)  # config(T): {v: 3.5}
b = T(v=A // B)  # config(T): {v: 3}
d = T(v=A % B)  # config(T): {v: 1}
e = T(v=A**B)  # config(T): {v: 49}
f = T(v=A << B | 1)  # config(T): {v: 29}
g = T(v=0.1 + 0.2)  # config(T): {v: 0.30000000000000004}
h = T(v=not A)  # config(T): {v: False}
