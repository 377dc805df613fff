# A repetition that is too long is not made.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


#: not run: it would take all memory

s = "a" * 10**12  # problem: HUL003 too large
x = T(v=s)  # unknown(v): the result of `*` is too large to follow
