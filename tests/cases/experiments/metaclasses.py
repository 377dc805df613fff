# What a metaclass of the project does as it makes a class is not followed; what it may have changed is in doubt.
import abc

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Quiet(type):
    label = "quiet"


class Registering(type):
    registry = {}

    def __new__(mcs, name, bases, namespace):
        made = super().__new__(mcs, name, bases, namespace)
        mcs.registry[name] = made
        return made


class Plain(metaclass=Quiet):
    size = 1


class Abstract(metaclass=abc.ABCMeta):
    size = 2


LABELS = {"plain": Plain.size, "abstract": Abstract.size}
a = T(v=LABELS)  # config(T): {v: {'plain': 1, 'abstract': 2}}


class First(metaclass=Registering):
    def build(self): return T(v="first")


for name in Registering.registry:
    T(v=name)  # unknown(v): an element of an unknown iterable: what the metaclass Registering does
