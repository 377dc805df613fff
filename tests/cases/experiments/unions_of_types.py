# A value may be asked whether it is of one of several types, None among them; not of what is outside the project.
import torch

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class U(T):  # class: case.U
    pass


Number = int | float
a = T(v=[isinstance(x, Number) for x in (1, 2.5, "a", None)])  # config(T): {v: [True, True, False, False]}
b = T(v=(isinstance(None, Number | None), isinstance("a", str | None)))  # config(T): {v: (True, True)}
c = T(v=isinstance(U(), U | None))  # config(T): {v: True}
d = T(v=isinstance(frozenset({1}), set | list))  # config(T): {v: False}
e = T(v=isinstance(1, torch.Tensor | str))  # unknown(v): isinstance with a type that is not followed
