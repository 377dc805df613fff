# A range that is too long to follow is said to be.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


#: not run: it would take hours

n = 0
for i in range(10**9):  # problem: HUL003 too long to follow
    n = n + 1
x = T(v=n)  # unknown(v): depends on the loop: a range of over 1000000 elements is too long to follow
