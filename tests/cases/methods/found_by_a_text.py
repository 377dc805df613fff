# What a method or function finds by a text builds what it builds: written out, put together, or in a table.
#: file lab.py
import huldra


class Raw(huldra.Huldra[int]):  # class: lab.Raw
    name: str = "r"

    def _create(self): return 1
    def _load(self): return 1


class Base(huldra.Huldra[int]):  # class: lab.Base
    kind: str = "fit"
    METHODS = {"fit": "_fit"}

    def _load(self): return 1
    def _fit(self): return Raw(name=type(self).__name__).load_or_create()  # configs(Raw): {name: 'Dispatched'}; {name: 'FromTable'}; {name: 'Getter'}; {name: 'PutTogether'}; {name: 'Written'}


class Written(Base):  # class: lab.Written
    def _create(self): return getattr(self, "_fit")()


class PutTogether(Base):  # class: lab.PutTogether
    def _create(self): return getattr(self, f"_{self.kind}")()


class Dispatched(Base):  # class: lab.Dispatched
    def _create(self): return self.stage()
    def stage(self): return getattr(self, "_" + self.kind)()


class FromTable(Base):  # class: lab.FromTable
    def _create(self): return getattr(self, self.METHODS[self.kind])()


class Getter(Base):  # class: lab.Getter
    def _create(self): return self.get(self.kind)
    def get(self, name): return getattr(self, f"_{name}")()
#: file run.py
import lab
from lab import Dispatched, FromTable, Getter, PutTogether, Written

Written()  # config(Written): {kind: 'fit'}
PutTogether()  # config(PutTogether): {kind: 'fit'}
Dispatched()  # config(Dispatched): {kind: 'fit'}
FromTable()  # config(FromTable): {kind: 'fit'}
Getter()  # config(Getter): {kind: 'fit'}


def found(name):
    return getattr(lab, name)


class Runner:
    def __init__(self, name):
        self.name = name

    def go(self):
        getattr(lab, self.name)(name="runner")  # config(getattr): {name: 'runner'}


def launch(name):
    getattr(lab, name)(name="launched")  # config(getattr): {name: 'launched'}


def launch_by_helper(name):
    found(name)(name="by helper")  # config(found): {name: 'by helper'}
