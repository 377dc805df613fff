# Pairs are in order by their first parts; what cannot be compared matters only where these are equal.
import huldra


class T(huldra.Huldra[int]):  # class: case.T
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


class Part:
    known = {}

    def __init_subclass__(cls, **named):
        super().__init_subclass__(**named)
        Part.known[cls.__name__] = cls


class Small(Part):
    size = 1


class Large(Part):
    size = 2


a = [T(v=(name, part.size)) for name, part in sorted(Part.known.items())]  # configs(T): {v: ('Large', 2)}; {v: ('Small', 1)}
b = T(v=max((2, Small), (1, Large))[1].size)  # config(T): {v: 1}
pairs = sorted([(1, sorted), (1, len)])
c = T(v=str(pairs))  # unknown(v): str(…) of an operation on
import inspect
import os
from abc import abstractmethod


class Stage(huldra.Huldra[int]):  # class: case.Stage
    known = {}
    v: object = None

    def __init_subclass__(cls, **named):
        super().__init_subclass__(**named)
        if not inspect.isabstract(cls):
            Stage.known[cls.__name__.lower()] = cls

    @abstractmethod
    def compute(self): ...

    def _create(self): return self.compute()
    def _load(self): return 1


class Middle(Stage):  # class: case.Middle
    pass


class Prepare(Middle):  # class: case.Prepare
    def compute(self): return 1


class Report(Middle):  # class: case.Report
    title: str = ""

    def compute(self): return 2


d = T(v=list(Stage.known))  # config(T): {v: ['prepare', 'report']}
# What a class does not take says no more than that it is another one.
stage = Stage.known[os.environ.get("STAGE", "report")](title="a")  # config(Stage.known): {title: 'a', v: None}
