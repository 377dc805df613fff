"""What bodies of classes, fields, and names that are computed lead to."""

from huldra.fingerprints.holdings import Holdings
from tests.harness.code_states import changes_between, closure_of


def test_a_dependency_that_loads_itself_runs_its_load() -> None:
    text = """import huldra

class Data(huldra.Huldra):
    def _create(self):
        return 1
    def _load(self):
        return read()
    @property
    def rows(self):
        return self.load_or_create() + 1

def read():
    return 2

class Run(huldra.Huldra):
    data: Data
    def _create(self):
        return self.data.rows
    def _load(self):
        return 3
"""
    holdings = Holdings(frozenset({("self", "data", "exp.Data")}), {"exp.Data": "exp.Data"})
    names = [definition.name for definition in closure_of({"exp.py": text}, holdings=holdings).definitions]
    assert "exp.Data._load" in names
    assert "exp.read" in names
    assert "exp.Data._create" not in names
    assert "exp.Run._load" not in names


def test_the_names_of_a_class_body_and_of_every_module_are_no_doubt() -> None:
    text = """import huldra
import pkgutil
from dataclasses import dataclass
from typing import NamedTuple

@dataclass
class Spec:
    name: str
    low, high = 1, 2
    for size in range(3):
        area = size * high

class Step(NamedTuple):
    obs: object
    done: bool = False

def modules():
    return list(pkgutil.iter_modules(__path__))

class Run(huldra.Huldra):
    def _create(self):
        return Spec("a"), Step(1), modules()
"""
    assert closure_of({"exp.py": text}).doubts == ()


def test_what_a_class_body_reads_of_its_module_counts_though_a_field_has_that_name() -> None:
    text = """import huldra
from typing import NamedTuple

width = 1

class Step(NamedTuple):
    width: int
    other: int = width

class Run(huldra.Huldra):
    def _create(self):
        return Step(0)
"""
    changes = changes_between({"exp.py": text}, {"exp.py": text.replace("width = 1", "width = 2")})
    assert [change.definition for change in changes] == ["exp.width"]


def test_what_only_a_computed_name_may_lead_to_is_not_certain() -> None:
    text = """import huldra

class Model:
    def fit(self):
        return 1
    def take(self):
        return 2

class Run(huldra.Huldra):
    name: str
    def _create(self):
        return Model().fit(), getattr(Model(), self.name)()
"""
    for method, is_certain in (("return 1", True), ("return 2", False)):
        (change,) = changes_between({"exp.py": text}, {"exp.py": text.replace(method, "return 3")})
        assert change.is_certain is is_certain


def test_what_is_gone_of_all_that_a_module_has_counts_and_what_came_does_not() -> None:
    text = """import huldra

class A:
    def fit(self):
        return 1

class B(A):
    pass

class Run(huldra.Huldra):
    kind: str
    def _create(self):
        return globals()[self.kind]().fit()
"""
    without = text.replace("class B(A):\n    pass\n", "")
    (gone,) = changes_between({"exp.py": text}, {"exp.py": without})
    assert (gone.message, gone.is_certain) == ("exp.B is gone, or not named any more", False)
    assert changes_between({"exp.py": without}, {"exp.py": text}) == ()
