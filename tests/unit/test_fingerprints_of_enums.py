"""Which changes of an enum concern who uses some of its members, where a change back is another matter."""

import pytest

from tests.harness.code_states import changes_between

OF_FIELD = """import huldra
from colors import Color


class Run(huldra.Huldra[int]):
    color: Color = Color.RED

    def _create(self):
        return self.color.value
"""
IN_RECORD = """from dataclasses import dataclass

import huldra
from colors import Color


@dataclass
class Spec:
    color: Color


class Run(huldra.Huldra[int]):
    def _create(self):
        return Spec(Color.RED)
"""
COLORS = "from enum import Enum\n\n\nclass Color(Enum):\n    RED = 1\n    BLUE = 2\n"


@pytest.mark.parametrize("code", [OF_FIELD, IN_RECORD])
@pytest.mark.parametrize(
    ("now", "changed"),
    [
        (f"{COLORS}    GREEN = 3\n", []),
        (COLORS.replace("    RED", "    GREEN = 3\n    RED"), []),
        (COLORS.replace("    BLUE = 2\n", ""), ["colors.Color.BLUE"]),
        (COLORS.replace("2", "4"), ["colors.Color.BLUE"]),
        (f"{COLORS}    GREEN = 2\n", ["colors.Color"]),  # another name for a member, which is another value
    ],
)
def test_any_member_may_be_the_one(code, now, changed):
    then = {"exp.py": code, "colors.py": COLORS}
    found = changes_between(then, {**then, "colors.py": now})
    assert [change.definition for change in found] == changed
