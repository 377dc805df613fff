# A module that only functions import is imported once, and stays as it is for the next function.
# What such an import changes elsewhere is in doubt where it depends on what is not known.
#: file sizes.py
SMALL = [1, 2]


def doubled():
    return [2 * size for size in SMALL]
#: file shared.py
NUMBERS = [1]
#: file patching.py
from shared import NUMBERS

NUMBERS.append(2)
#: file case.py
import sys

import huldra
import shared


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def first():
    import sizes

    return T(v=tuple(sizes.SMALL))  # config(T): {v: (1, 2)}


def second():
    import sizes

    return T(v=sizes.doubled())  # config(T): {v: [2, 4]}


def third():
    import sizes

    sizes.SMALL.append(3)
    return T(v=tuple(sizes.SMALL))  # config(T): {v: (1, 2, 3)}


def fourth():
    import sizes

    return T(v={"sizes": list(sizes.SMALL)})  # config(T): {v: {'sizes': [1, 2]}}


if len(sys.argv) > 5:
    import patching
x = T(v=shared.NUMBERS)  # unknown(v): depends on the condition:
