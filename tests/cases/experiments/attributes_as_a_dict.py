# What `vars(value)` or `value.__dict__` gives is what the instance holds: each sees what is changed through the other.
import sys
from types import SimpleNamespace

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None
    w: object = None

    def _create(self): return 1
    def _load(self): return 1


class Settings:
    def __init__(self, **given):
        self.__dict__.update(given)

    def but(self, **changes):
        return type(self)(**{**vars(self), **changes})

    def public(self):
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}


one = Settings(lr=0.1, _note="n")
T(v=one.lr, w=one.public())  # config(T): {v: 0.1, w: {'lr': 0.1}}
two = one.but(lr=0.2)
vars(two)["steps"] = 7
two.__dict__.pop("_note")
T(v=two.steps, w=[two.public(), one.lr, hasattr(two, "_note"), getattr(two, "_note", "gone")])  # config(T): {v: 7, w: [{'lr': 0.2, 'steps': 7}, 0.1, False, 'gone']}
held = vars(two)
del held["steps"]
two.lr = 0.3
T(v=two.lr, w=dict(vars(two)))  # config(T): {v: 0.3, w: {'lr': 0.3}}
T(v=held)  # config(T): {v: {'lr': 0.3}, w: None}


class Same:
    def __init__(self, table):
        self.__dict__ = table


table = {"lr": 1}
same = Same(table)
table["bs"] = 2
T(v=same.bs)  # config(T): {v: 2, w: None}
other = Same(table)  # a second one with the same dict
T(v=other.bs)  # unknown(v): its attributes were set as a dict that is not followed
space = SimpleNamespace(a=1)
vars(space)["b"] = 2
T(v=[space.a, space.b])  # config(T): {v: [1, 2], w: None}
stale = vars(one)
one.lr = 5
T(v=list(stale))  # unknown(v): its attributes were read as a dict, which may have changed them
T(v=one.lr)  # config(T): {v: 5, w: None}
if len(sys.argv) > 1:
    vars(one)["lr"] = 6
T(v=one.lr)  # unknown(v): depends on the condition: the length of a sys.argv
vars(one)[sys.argv[0]] = 1
T(v=one.lr)  # unknown(v): its attributes were read as a dict, which may have changed them
