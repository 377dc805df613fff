# The order of a set of strings is not known, its elements are.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


names = {"a", "b"}
x = T(v=list(names))  # unknown(v): the order of a set
y = T(v=sorted(names))  # config(T): {v: ['a', 'b']}
z = T(v={"c", "d"})  # config(T): {v: set('c', 'd')}
