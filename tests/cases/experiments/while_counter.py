# A while loop on a known condition runs.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


n = 1
while n < 20:
    T(v=n)  # configs(T): {v: 16}; {v: 1}; {v: 2}; {v: 4}; {v: 8}
    n *= 2
