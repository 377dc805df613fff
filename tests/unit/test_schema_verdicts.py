"""What edits of fields, and of what a class header says to the library, do to real runs."""

from pathlib import Path

import pytest

from tests.unit.test_code_verdicts import make_project, verdicts

LAB = """import huldra


class Part(huldra.Huldra[int]):
    size: int = 3
    _note: str = "a"

    def _create(self) -> int:
        return self.size

    def _load(self) -> int:
        return 1


class Fit(huldra.Huldra[float]):
    part: Part
    lr: float = 0.1
    steps: int = 5

    def _create(self) -> float:
        return self.part.load_or_create() * self.lr

    def _load(self) -> float:
        return 0.5


def main(lr: float) -> None:
    Fit(part=Part(), lr=lr).load_or_create()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs that no site builds: what is said of them follows from their records."""
    return make_project(tmp_path_factory.mktemp("lab") / "project", {"lab.py": LAB}, "import lab; lab.main(0.25)")


def reasons(made: Path, edited: str) -> dict[str, tuple[str, list[str]]]:
    found = verdicts(made, lab=edited)
    return {name: (run.verdict, [reason.code for reason in run.reasons]) for name, run in found.items()}


def test_private_fields_have_no_say(made: Path) -> None:
    """They are recorded, and left out of the hash, so that the same config is asked for without them."""
    as_it_was = reasons(made, LAB)
    assert as_it_was["Part"][1] == as_it_was["Fit"][1] == []
    assert reasons(made, LAB.replace('    _note: str = "a"\n', "")) == as_it_was
    assert reasons(made, LAB.replace("    size: int", "    _more: int = 0\n    size: int")) == as_it_was
    assert reasons(made, LAB.replace('_note: str = "a"', "_note: int = 1")) == as_it_was
    assert reasons(made, LAB.replace("_note: str", "note: str"))["Part"] == ("stale", ["field-added"])


@pytest.mark.parametrize("keyword", ["version_controlled=True", "typecheck=True", "typecheck=False"])
def test_what_a_class_header_tells_the_library_does_not_count(made: Path, keyword: str) -> None:
    edited = LAB.replace("class Part(huldra.Huldra[int])", f"class Part(huldra.Huldra[int], {keyword})")
    assert reasons(made, edited) == reasons(made, LAB)


def test_other_keywords_of_a_class_header_count(made: Path) -> None:
    edited = LAB.replace("class Part(huldra.Huldra[int])", "class Part(huldra.Huldra[int], factor=2)")
    assert reasons(made, edited)["Part"] == ("stale", ["code-changed"])


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (("lr", "learning_rate"), ["field-renamed", "code-changed"]),
        (("steps", "step"), ["field-renamed"]),
        (("    steps: int = 5", "    epochs: int = 5"), ["field-renamed"]),
        (("    steps: int = 5", "    device: str = 'cpu'"), ["field-added", "field-removed"]),  # it takes no 5
        (("    part: Part\n", "    seed: int = 0\n    part: Part\n"), ["field-added"]),
    ],
)
def test_a_field_that_came_for_one_that_went(made: Path, edit: tuple[str, str], expected: list[str]) -> None:
    assert reasons(made, LAB.replace(*edit))["Fit"][1] == expected


def test_a_field_that_stands_elsewhere_is_another_one(made: Path) -> None:
    edited = LAB.replace("    steps: int = 5\n", "").replace(
        "    part: Part\n", "    part: Part\n    epochs: int = 5\n"
    )
    assert reasons(made, edited)["Fit"][1] == ["field-added", "field-removed"]
