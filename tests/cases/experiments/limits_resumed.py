# A limit ends one expression or one statement, not the function that nobody calls: what stands below is found.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def too_large(n):
    s = "x" * 10**12  # problem: HUL003 too large
    a = T(v="known")  # config(T): {v: 'known'}
    b = T(v=[1, s])  # unknown(v): the result of `*` is too large


def growing(n):
    other = [1]
    s = "x"
    for i in range(99):
        s += s  # problem: HUL003 too large
        if i == 90:
            other.append(2)
    a = T(v="below")  # config(T): {v: 'below'}
    b = T(v=s)  # unknown(v): a limit was reached
    c = T(v=other)  # unknown(v): a limit was reached
