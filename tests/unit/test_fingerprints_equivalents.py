"""What linters and formatters turn into each other is one code; what is called to say something runs all the same."""

import pytest

from tests.harness.code_states import changes_between


def _state(body: str, before: str = "") -> dict[str, str]:
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    return {"exp.py": f"import huldra\n\n{before}\n\nclass Run(huldra.Huldra[int]):\n    def _create(self):\n{lines}"}


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("return 'a' 'b'", "return 'ab'"),
        ('return f"ab"', "return 'ab'"),
        ('return f""', "return ''"),
        ("return b'a' b'b'", "return b'ab'"),
        ("return not 1 in [2]", "return 1 not in [2]"),
        ("return not self is None", "return self is not None"),
    ],
)
def test_the_same_expression(then: str, now: str) -> None:
    assert changes_between(_state(then), _state(now)) == ()


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("return 'a' 'b'", "return 'a b'"),
        ('return f"{self}"', "return '{self}'"),
        ('return f"{1}b"', 'return f"{1}c"'),
        ("return b'ab'", "return 'ab'"),
        ("return not 1 < 2", "return 1 < 2"),
        ("return not 1 in [2]", "return 1 in [2]"),
        ("return not 1 in [2] in [3]", "return 1 not in [2] in [3]"),
    ],
)
def test_another_expression(then: str, now: str) -> None:
    assert [change.definition for change in changes_between(_state(then), _state(now))] == ["exp.Run._create"]


@pytest.mark.parametrize(
    ("then", "now", "body"),
    [
        ("class K:\n    pass", "class K(object):\n    pass", "return K()"),
        (
            "def f(x):\n    return 1",
            "from typing import overload\n@overload\ndef f(x: int): ...\ndef f(x):\n    return 1",
            "return f(1)",
        ),
        (
            "class K:\n    def f(self):\n        return 1",
            "from typing import override\nclass K:\n    @override\n    def f(self):\n        return 1",
            "return K().f()",
        ),
    ],
)
def test_the_same_definition(then: str, now: str, body: str) -> None:
    assert changes_between(_state(body, then), _state(body, now)) == ()
    changed = _state(body, now.replace("return 1", "return 2") if "return 1" in now else "class K(dict):\n    pass")
    assert changes_between(_state(body, then), changed) != ()


HELPERS = """def step():
    return 1


class Model:
    def fit(self):
        return 1


def model():
    return Model()
"""


@pytest.mark.parametrize(
    "said",
    [
        "print(step())",
        "print(f'loss {step():.3f}')",
        "print([step() for _ in range(3)])",
        "print(model().fit())",
        "m = model()\nprint('fitted', m.fit())",
        "import logging\nlogging.info('%s', step())",
        "x = print(step())",
    ],
)
def test_what_is_called_to_be_printed_counts(said: str) -> None:
    then = _state(f"{said}\nreturn 1", HELPERS)
    changes = changes_between(then, {"exp.py": then["exp.py"].replace("return 1", "return 2", 2)})
    assert {change.definition for change in changes} & {"exp.step", "exp.Model.fit"}


def test_a_call_that_is_printed_no_more_counts() -> None:
    then, now = (_state(f"print({said})\nreturn 1", HELPERS) for said in ("step()", "3"))
    assert [change.definition for change in changes_between(then, now)] == ["exp.Run._create"]


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("print('a')", "print('b', 3)"),
        ("print(len([1]))", "print(max([1]))"),
        ("print('loss', step())", "print(f'{step():.3f} is the loss')"),
        ("print('a')\nstep()", "step()"),
    ],
)
def test_how_it_is_said_does_not_count(then: str, now: str) -> None:
    assert changes_between(_state(f"{then}\nreturn 1", HELPERS), _state(f"{now}\nreturn 1", HELPERS)) == ()
