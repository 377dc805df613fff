# An abstract class cannot be built; a subclass that has the methods can.
import abc

import huldra
from huldra import chz


class Base(huldra.Huldra[int]):  # class: case.Base
    def _create(self): return 1
    def _load(self): return 1


class Model(Base):  # class: case.Model
    @abc.abstractmethod
    def forward(self): ...


class Linear(Model):  # class: case.Linear
    def forward(self): return 1


def wrong():
    return Model()  # problem: HUL106 lacks forward


right = Linear()  # config(Linear): {}
