# F-strings of known values are known.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


n, x = 3, 0.5
a = T(v=f"run-{n:03d}-{x!r}-{n + 1}")  # config(T): {v: 'run-003-0.5-4'}
b = T(v=f"{{{n}}}")  # config(T): {v: '{3}'}
d = T(v=f"{n=}")  # config(T): {v: 'n=3'}
e = T(v="%s/%d" % ("a", n))  # config(T): {v: 'a/3'}
f = T(v="{}-{k}".format(n, k=x))  # config(T): {v: '3-0.5'}
