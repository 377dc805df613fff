# What a script sees of a list is in doubt if a module that it does not import has changed it.
#: file lib.py
import huldra


class T(huldra.Huldra[int]):  # class: lib.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


NUMBERS = [1]
LETTERS = ["a"]
#: file another.py
from lib import NUMBERS, T

NUMBERS.append(2)
T(v=NUMBERS)  # config(T): {v: [1, 2]}
#: file case.py
from lib import NUMBERS, T

if __name__ == "__main__":
    T(v=NUMBERS)  # unknown(v): it is changed by another, which case does not import
    T(v="a")  # config(T): {v: 'a'}
#: file importing.py
import another
from lib import NUMBERS, T

if __name__ == "__main__":
    T(v=("both", NUMBERS))  # config(T): {v: ('both', [1, 2])}
