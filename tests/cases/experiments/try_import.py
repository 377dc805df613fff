# The handler of an import that may fail does not undo it.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


#: not run: whether a module can be imported is not known

try:
    import json as codec
except ImportError:
    codec = None
x = T(v=1 if codec else 2)  # unknown(v): depends on the condition:
