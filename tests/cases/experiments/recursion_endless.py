# Recursion without an end is stopped and said so.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


#: not run: it would never end


def loop(n):
    return loop(n + 1)  # problem: HUL003 deeper than 50


x = T(v=loop(0))  # unknown(v): a call that is nested too deep
