# A loop that never ends is stopped and said so.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


#: not run: it would never end

n = 0
while True:
    n += 1  # problem: HUL003 evaluation stopped
x = T(v=n)  # unknown(v): a limit was reached
