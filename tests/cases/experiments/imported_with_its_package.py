# Whoever imports a module of a package imports the package before: what that changes is changed in any case.
#: file lib.py
import huldra


class T(huldra.Huldra[int]):  # class: lib.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


KINDS = {"a": 1}
#: file pkg/__init__.py
import pkg.filling
#: file pkg/filling.py
from lib import KINDS

KINDS["b"] = 2
#: file pkg/use.py
from lib import KINDS, T

T(v=list(KINDS))  # config(T): {v: ['a', 'b']}
T(v=("two", len(KINDS)))  # unknown(v): nothing


def later():
    return T(v=("later", len(KINDS)))  # config(T): {v: ('later', 2)}
#: file plain.py
from lib import KINDS, T

T(v=("plain", len(KINDS)))  # unknown(v): it is changed by pkg.filling, which plain does not import
