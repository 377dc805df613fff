# FIXME: a script is predicted as if every module of the project had been imported; this one builds {v: [1]}.
#: not run: FIXME, what it builds is not what is predicted
#: file lib.py
import huldra


class T(huldra.Huldra[int]):  # class: lib.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


NUMBERS = [1]
#: file another.py
from lib import NUMBERS

NUMBERS.append(2)
#: file case.py
from lib import NUMBERS, T

if __name__ == "__main__":
    T(v=NUMBERS)  # config(T): {v: [1, 2]}
