"""After any edit, an evaluation that goes on finds exactly what one that begins anew finds.

HULDRA_REUSE_PROGRAMS sets how many generated programs are edited, HULDRA_REUSE_SEED where they begin.
"""

import os
import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from huldra.experiments import evaluation
from huldra.experiments.discover import discover_experiments
from huldra.experiments.evaluate.limits import Limits
from huldra.experiments.evaluation import Evaluation
from tests.agreement.choices import seeded
from tests.agreement.programs import write_program
from tests.cases.test_cases import CASES
from tests.reuse.states import Linked, edits

PROGRAMS = int(os.environ.get("HULDRA_REUSE_PROGRAMS", "40"))
SEED = int(os.environ.get("HULDRA_REUSE_SEED", "0"))
ZOO = Path(__file__).parents[2] / "fixtures" / "zoo"
TOYTEXT = Path(__file__).parents[2] / "fixtures" / "toytext"


def check(texts: Mapping[str, str], chance: random.Random, count: int) -> None:
    """Compare state after state; the texts are laid out as edits of their trees lay them out."""
    linked, going_on = Linked(), Evaluation(Limits())
    told: list[str] = []
    for words, state in (("as written", dict(texts)), *edits(texts, chance, count)):
        told.append(words)
        project = linked.project(state)
        found, anew = going_on.experiments(project, {}), discover_experiments(project)
        for part in ("by_key", "dynamic", "problems", "defaults", "class_dependencies", "sweeps"):
            shown = "\n".join(f"#: file {name}\n{text}" for name, text in state.items())
            assert getattr(found, part) == getattr(anew, part), f"{part} after {told}\n{shown}"


@pytest.mark.parametrize("seed", range(SEED, SEED + PROGRAMS))
def test_generated_programs(seed: int) -> None:
    program = write_program(seeded(seed), with_unknowns=bool(seed % 2))
    check(program.files, random.Random(seed), 12)


@pytest.mark.parametrize("case", CASES[::6], ids=lambda case: case.path.stem)
def test_cases(case) -> None:
    texts = {name: text for name, text in case.files.items() if name.endswith(".py")}
    check(texts, random.Random(case.path.stem), 5)


def test_zoo() -> None:
    texts = {str(path.relative_to(ZOO)): path.read_text(encoding="utf-8") for path in sorted(ZOO.rglob("*.py"))}
    check(texts, random.Random(SEED), 15)


def test_what_an_edit_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[object] = []
    start = evaluation.start_machine
    monkeypatch.setattr(evaluation, "start_machine", lambda *words: begun.append(1) or start(*words))
    program = write_program(seeded(7))
    linked, going_on = Linked(), Evaluation(Limits())
    for _, state in (("as written", program.files), *edits(program.files, random.Random(7), 30)):
        going_on.experiments(linked.project(state), {})
    assert len(begun) < 15, "most edits go on"
