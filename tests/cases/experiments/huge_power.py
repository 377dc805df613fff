# A number that is too large is not computed.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


#: not run: it would take all memory

n = 9**9**9  # problem: HUL003 too large
x = T(v=n)  # unknown(v): the result of `**` is too large to follow
y = T(v="fine")  # config(T): {v: 'fine'}
