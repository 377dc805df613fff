# A match statement takes the case that fits.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


def kind(x):
    match x:
        case {"lr": lr, **rest}:
            return (lr, rest)
        case [a, *others]:
            return (a, others)
        case int() | str():
            return "scalar"
        case _:
            return None


a = T(v=kind({"lr": 1, "k": 2}))  # config(T): {v: (1, {'k': 2})}
b = T(v=kind([1, 2, 3]))  # config(T): {v: (1, [2, 3])}

import sys

match sys.argv[0]:
    case "a":
        pass
    case str(name):
        T(v="named")  # conditional(T): yes
