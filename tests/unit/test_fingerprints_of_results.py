"""Classes whose instances come out of the results that a config holds, under another name."""

import pytest

from huldra.comparison.code_changes import code_changes
from huldra.fingerprints.closure import build_closure
from huldra.fingerprints.holdings import Holdings
from huldra.fingerprints.model import Closure
from tests.harness.code_states import code_of

CODE = """import huldra


class Row:
    def size(self):
        return 1


class Run(huldra.Huldra[int]):
    name: str = "a"

    def _create(self):
        return getattr(self.rows(), self.name).size()

    def rows(self):
        return None
"""


def closure(text: str, flowing: str) -> Closure:
    found = build_closure(
        code_of({"exp.py": text}), "exp.Run", ("_create",), Holdings(), flowing=frozenset({f"exp.{flowing}"})
    )
    assert found is not None
    return found


@pytest.mark.parametrize(("body", "names"), [("return 1", []), ("return 2", ["exp.Line.size"])])
@pytest.mark.parametrize("reading", ["getattr(self.rows(), self.name)", "self.rows()"])
def test_a_class_of_a_result_that_has_another_name_is_compared_with_what_it_was(
    reading: str, body: str, names: list[str]
) -> None:
    text = CODE.replace("getattr(self.rows(), self.name)", reading)
    now = text.replace("Row", "Line").replace("return 1", body)
    changes = code_changes(closure(text, "Row"), closure(now, "Line"))
    assert [change.definition for change in changes] == names
    assert not any(change.is_certain for change in changes)
