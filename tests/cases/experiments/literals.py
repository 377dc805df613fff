# Literals keep the very value that is written.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


a = T(v=3)  # config(T): {v: 3}
b = T(v=3.0)  # config(T): {v: 3.0}
d = T(v=True)  # config(T): {v: True}
e = T(v=1e-3)  # config(T): {v: 0.001}
f = T(v="a" "b")  # config(T): {v: 'ab'}
g = T(v=-0.0)  # config(T): {v: -0.0}
h = T(v=b"x")  # config(T): {v: b'x'}
i = T(v=10**25)  # config(T): {v: 10000000000000000000000000}
