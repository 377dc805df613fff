"""A name of a module is not what functions and classes call by that name: no change is hidden, and none made up."""

import pytest

from tests.harness.code_states import changes_between, closure_of

RUN = "class Run(huldra.Huldra[int]):\n    def _create(self):\n"


def _state(before: str, body: str) -> dict[str, str]:
    return {"exp.py": f"import huldra\n\nSIZE = 3\n\n\n{before}\n\n\n{RUN}{body}"}


@pytest.mark.parametrize(
    ("before", "edit"),
    [
        ("def main():\n    SIZE = 4\n    return SIZE + 7", ("+ 7", "+ 8")),
        ("def main(SIZE):\n    return SIZE + 7", ("+ 7", "+ 8")),
        ("def main():\n    SIZE = {}\n    SIZE['a'] = 7", ("= 7", "= 8")),
        ("class Other:\n    SIZE = 9", ("= 9", "= 8")),
        ("class Other:\n    SIZE = 9\n\n    def method(self):\n        return 7", ("7", "8")),
    ],
)
def test_what_others_call_by_the_same_name_changes_nothing(before: str, edit: tuple[str, str]) -> None:
    then = _state(before, "        return SIZE\n")
    now = {"exp.py": then["exp.py"].replace(*edit)}
    assert now != then
    assert changes_between(then, now) == ()


@pytest.mark.parametrize(
    "body",
    [
        "        def inner():\n            SIZE = 1\n            return SIZE\n        return SIZE + inner()\n",
        "        def inner(SIZE):\n            return SIZE\n        return SIZE + inner(1)\n",
        "        def out():\n         def own():\n           SIZE = 1\n         return SIZE\n        return out",
        "        class Inner:\n            SIZE = 1\n        return SIZE + Inner.SIZE\n",
        "        inner = lambda SIZE: SIZE\n        return SIZE + inner(1)\n",
        "        inner = [SIZE for SIZE in (1, 2)]\n        return SIZE + len(inner)\n",
    ],
)
def test_what_is_nested_hides_no_name_of_the_module(body: str) -> None:
    then = _state("", body)
    now = {"exp.py": then["exp.py"].replace("SIZE = 3", "SIZE = 5")}
    assert [change.definition for change in changes_between(then, now)] == ["exp.SIZE"]


@pytest.mark.parametrize(
    "writer",
    [
        "def set_size():\n    global SIZE\n    SIZE = 7",
        "def outer():\n    def set_size():\n        global SIZE\n        SIZE = 7\n    set_size()",
    ],
)
def test_what_sets_the_name_of_the_module_counts(writer: str) -> None:
    then = _state(writer, "        return SIZE\n")
    now = {"exp.py": then["exp.py"].replace("= 7", "= 8")}
    assert "exp.SIZE" in [change.definition for change in changes_between(then, now)]


@pytest.mark.parametrize(
    ("then", "now", "changed"),
    [
        ("A = 1\n    B = 2", "B = 1\n    A = 2", "exp.Kind.A"),
        ("A = auto()\n    B = auto()", "B = auto()\n    A = auto()", "exp.Kind.A"),
        ("A: int = 1\n    B: int = 2", "B: int = 1\n    A: int = 2", "exp.Kind"),
        ("if X:\n        A = 1\n    B = 2", "if X:\n        B = 1\n    A = 2", "exp.Kind"),
    ],
)
def test_which_name_of_a_class_has_a_value_counts(then: str, now: str, changed: str) -> None:
    before, after = (
        _state(f"from enum import auto, Enum\n\n\nclass Kind(Enum):\n    {body}", "        return Kind.A\n")
        for body in (then, now)
    )
    assert [change.definition for change in changes_between(before, after)] == [changed]


@pytest.mark.parametrize(
    "writer",
    ["def fill():\n    TABLE['a'] = 7", "class Filling:\n    TABLE['a'] = 7", "def fill():\n    TABLE.update(a=7)"],
)
def test_what_fills_a_table_of_the_module_counts(writer: str) -> None:
    then = _state(f"TABLE = {{}}\n\n\n{writer}", "        return TABLE['a']\n")
    now = {"exp.py": then["exp.py"].replace("7", "8")}
    assert "exp.TABLE" in [change.definition for change in changes_between(then, now)]


def test_a_method_that_a_condition_in_a_class_chooses_is_no_name_of_the_module() -> None:
    kind = "class Kind:\n    if SIZE:\n        def vol(self):\n            return 7\n    else:\n        vol = None\n"
    then = _state(kind, "        return Kind().vol()\n")
    assert closure_of(then).doubts == ()
    now = {"exp.py": then["exp.py"].replace("7", "8")}
    assert {change.definition for change in changes_between(then, now)} == {"exp.Kind", "exp.Kind.vol"}
