# Of a generator expression with two loops, an inner one runs at once: what is changed before its elements are read is in doubt.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


rows = [3, 5, 2]
below = (n for part in (rows, rows) for n in part)
T(v=next(below))  # config(T): {v: 3}
T(v=next(below))  # config(T): {v: 5}
rows.reverse()
T(v=next(below))  # unknown(v): what a generator reads is changed while it is read
out = []
for n in (n * 2 for part in ([1], [2, 3]) for n in part):
    out.append(n)
T(v=out)  # config(T): {v: [2, 4, 6]}
