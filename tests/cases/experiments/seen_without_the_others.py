# What a module builds while it is imported is found as it is without the modules that it does not import, too.
#: file lib.py
import huldra


class T(huldra.Huldra[int]):  # class: lib.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


KINDS = {"a": 1}
LEFT = [1, 2]


def counter():
    total = 0

    def count():
        nonlocal total
        total += 1
        return total

    return count


count = counter()
#: file adding.py
from lib import KINDS, T, count

KINDS["b"] = 2
count()
T(v=KINDS)  # config(T): {v: {'a': 1, 'b': 2}}
#: file case.py
from lib import KINDS, LEFT, T, count

for kind in KINDS:
    T(v=kind)  # unknown(v): an element of an unknown iterable: it is changed by adding, which case does not import
T(v=len(KINDS))  # unknown(v): it is changed by adding, which case does not import
T(v=("count", count()))  # unknown(v): it is changed by adding, which case does not import
T(v=("many", LEFT[0]))  # config(T): {v: ('many', 1)}
PARTS = {}


def part(name):
    def keep(cls):
        PARTS[name] = cls
        return cls
    return keep


@part(f"part of {len(KINDS)}")
class Part:
    size = len(KINDS)


for name, cls in PARTS.items():
    T(v=("a class", name, cls.size))  # unknown(v): a part of an unknown value: an element of an unknown iterable: an unknown key was set: it is changed by adding, which case does not import


def sized(n=len(KINDS)):
    return T(v=("a default", n))  # unknown(v): it is changed by adding, which case does not import


sized()
#: file seeing.py
import adding
from lib import KINDS, T, count

for kind in KINDS:
    T(v=("seen", kind))  # configs(T): 2
#: file makes.py
from lib import KINDS, T

SIZE = len(KINDS)


def sized():
    return T(v=("made of", SIZE))  # unknown(v): makes makes it of what is changed by another module, which it does not import
#: file makes_more.py
from makes import SIZE, sized

sized()
MORE = SIZE + 1
#: file makes_nothing_of_it.py
from lib import T
from makes_more import MORE

T(v=("more", MORE))  # unknown(v): makes_more makes it of what is changed by another module, which it does not import
T(v=("no less", [*"ab"]))  # config(T): {v: ('no less', ['a', 'b'])}
#: file twice.py
from lib import LEFT, T

import returning

LEFT.append(3)
T(v=("left", LEFT))  # unknown(v): it is changed by twice, which is run twice: as a script, and as what a module imports
if __name__ == "__main__":
    T(v=("main", LEFT))  # unknown(v): it is changed by twice, which is run twice: as a script, and as what a module imports
#: file returning.py
import twice
from lib import LEFT

LEFT.append(4)
