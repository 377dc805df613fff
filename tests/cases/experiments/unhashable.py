# A value without a canonical form is a problem, and no experiment.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import decimal

a = T(v=decimal.Decimal("1"))  # problem: HUL105 Decimal
b = T(v=lambda: 1)  # problem: HUL105 function
c = T(v={1: "a", "b": 2})  # problem: HUL105 not supported
