# Classes that read or write all attributes in a way of their own are not taken for plain holders.
from dataclasses import dataclass

import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


@dataclass
class Raises:
    lr: float = 1.0

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value + 1)


class Answer:
    def __get__(self, instance, owner):
        return 42


class Holder:
    answer = Answer()
    plain = 7


class Other:
    lr = 3

    def __getattribute__(self, name):
        return 5


a = T(v=Raises(lr=2.0).lr)  # unknown(v): an instance of case.Raises, which sets its attributes by itself
b = T(v=Holder().answer)  # config(T): {v: 42}
c = T(v=Holder.answer)  # config(T): {v: 42}
d = T(v=Holder().plain)  # config(T): {v: 7}
e = T(v=Other().lr)  # unknown(v): the attribute 'lr', which __getattribute__ gives
