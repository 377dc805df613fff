# Entries of a collection are its configs, by name and in order.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


import os


class Sweep(huldra.HuldraList[T]):
    small = T(v=1)
    large = T(v=2)


T(v=[each.v for each in Sweep])  # config(T): {v: [1, 2]}
T(v=Sweep.by_name("large").v)  # config(T): {v: 2}
T(v=Sweep.by_name(os.environ["NAME"]).v)  # unknown(v): os.environ, which is outside the project


class Callable(T):  # class: case.Callable
    def __call__(self): return self.v


class Twice(huldra.HuldraList[T]):
    first = T(v=["a"])
    again = T(v=("a",))
    called = Callable(v=1)
    many = [T(v=True), T(v=1), T(v=1)]  # problem: HUL501 the same experiment stands at line 32 of this list already


# What can be called is no entry, and what has one hash is one entry.
listed = [T(v=[number, each.v]) for number, each in enumerate(Twice)]  # configs(T): {v: [0, ['a']]}; {v: [1, True]}; {v: [2, 1]}


class Asked(huldra.HuldraList[T]):
    named = T(v=os.environ["NAME"])  # unknown(v): os.environ, which is outside the project
    one = T(v=1)


T(v=[each.v for each in Asked])  # unknown(v): depends on the loop: whether two entries are one, and count once; an element of an unknown iterable: whether two entries are one, and count once
