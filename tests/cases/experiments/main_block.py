# What stands under the main guard is run as a script would.
#: file lib.py
import huldra


class T(huldra.Huldra[int]):  # class: lib.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


#: file case.py
from lib import T


def main(n):
    for i in range(n):
        T(v=i)  # configs(T): {v: 0}; {v: 1}


if __name__ == "__main__":
    main(2)
