"""After any edit, an evaluation that goes on finds exactly what one that begins anew finds.

HULDRA_REUSE_PROGRAMS sets how many generated programs are edited, HULDRA_REUSE_SEED where they begin.
"""

import os
import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from huldra.experiments import evaluation, parts_again
from huldra.experiments.discover import discover_experiments, discover_with_trace
from huldra.experiments.evaluate import project_order
from huldra.experiments.evaluate.limits import Limits
from huldra.experiments.evaluation import Evaluation
from huldra.experiments.model import Discovered
from huldra.experiments.trace import Trace
from huldra.experiments.unaffected import is_unaffected
from huldra.project.bindings import Namespace
from huldra.project.link import Project, link_problems
from tests.agreement.choices import seeded
from tests.agreement.programs import write_program
from tests.cases.test_cases import CASES
from tests.reuse.states import Linked, edits

PROGRAMS = int(os.environ.get("HULDRA_REUSE_PROGRAMS", "16"))
SEED = int(os.environ.get("HULDRA_REUSE_SEED", "0"))
LIMITS = Limits(steps=25_000)
"""A program that does not end is evaluated after each edit: it may as well be stopped earlier."""
EMPTY = Namespace({}, (), None)
ZOO = Path(__file__).parents[2] / "fixtures" / "zoo"


def check(texts: Mapping[str, str], chance: random.Random, count: int) -> int:
    """Compare state after state; the texts are laid out as edits of their trees lay them out.

    Return how many of them were linked by going on.
    """
    linked, going_on = Linked(), Evaluation(LIMITS)
    told: list[str] = []
    for words, state in (("as written", dict(texts)), *edits(texts, chance, count)):
        told.append(words)
        anew = linked.project(linked.with_room(state))
        project = linked.next_project(anew)
        shown = "\n".join(f"#: file {name}\n{text}" for name, text in state.items())
        assert linked_alike(project, anew), f"linked after {told}\n{shown}"
        found, from_nothing = going_on.experiments(project, {}), discover_experiments(anew, LIMITS)
        for part in PARTS:
            assert getattr(found, part) == getattr(from_nothing, part), f"{part} after {told}\n{shown}"
    return linked.relinked


PARTS = ("by_key", "dynamic", "problems", "defaults", "class_dependencies", "sweeps")


def check_traces(texts: Mapping[str, str], chance: random.Random, count: int) -> int:
    """Compare state after state with what was found in an earlier one, where that is said to hold still.

    Return how often it was.
    """
    linked = Linked()
    base: tuple[Project, Discovered] | None = None
    held = 0
    for words, state in (("as written", dict(texts)), *edits(texts, chance, count)):
        project = linked.project(linked.with_room(state))
        anew = discover_with_trace(project, LIMITS, {})
        if base is not None and is_known(base[1].trace, base[0], project):
            held += project.facts != base[0].facts
            for part in PARTS:
                shown = "\n".join(f"#: file {name}\n{text}" for name, text in state.items())
                assert getattr(base[1].experiments, part) == getattr(anew.experiments, part), f"{words}\n{shown}"
        else:
            base = project, anew
    return held


def is_known(trace: Trace, before: Project, after: Project) -> bool:
    """Return whether all files are as they were, or edited where nothing is looked at."""
    old, new = before.facts, after.facts
    return old.keys() == new.keys() and all(
        old[name] is new[name] or is_unaffected(trace, name, old[name], new[name]) for name in old
    )


def linked_alike(going_on: Project, anew: Project) -> bool:
    """Whether two projects say the same of their names and classes."""
    symbols = going_on.symbols, anew.symbols
    names = [(m, n) for m in anew.modules.file_of for n in (anew.symbols.namespace(m) or EMPTY).bindings]
    return (
        going_on.classes == anew.classes
        and all(going_on.tables.table(name) == anew.tables.table(name) for name in anew.classes)
        and all(going_on.tables.own(name) == anew.tables.own(name) for name in anew.classes)
        and all(going_on.tables.body(name) == anew.tables.body(name) for name in anew.classes)
        and all(symbols[0].resolve(*name) == symbols[1].resolve(*name) for name in names)
        and link_problems(going_on) == link_problems(anew)
    )


@pytest.mark.parametrize("seed", range(SEED, SEED + PROGRAMS))
def test_generated_programs(seed: int) -> None:
    program = write_program(seeded(seed), with_unknowns=bool(seed % 2))
    check(program.files, random.Random(seed), 8)
    check_traces(program.files, random.Random(seed + 1), 8)


@pytest.mark.parametrize("case", CASES[::9], ids=lambda case: case.path.stem)
def test_cases(case) -> None:
    texts = {name: text for name, text in case.files.items() if name.endswith(".py")}
    check(texts, random.Random(case.path.stem), 4)
    check_traces(texts, random.Random(case.path.stem + "!"), 4)


def test_zoo() -> None:
    texts = {str(path.relative_to(ZOO)): path.read_text(encoding="utf-8") for path in sorted(ZOO.rglob("*.py"))}
    assert check(texts, random.Random(SEED), 10) > 0
    assert check_traces(texts, random.Random(SEED), 30) > 0


TOOLS = {
    "lab.py": "import huldra\n\nclass T(huldra.Huldra[int]):\n    v: int = 0\n\n"
    "    def _create(self) -> int:\n        return weight(self.v)\n\n    def _load(self) -> int:\n        return 0\n\n"
    "def weight(value):\n    return value + 1\n\ndef other():\n    return 2\n\nFIRST = T(v=weight(2))\n",
    "tools.py": "from lab import FIRST, T, other\n\ndef plain(value):\n    return value\n\n"
    "def build():\n    return T(v=5)\n\nFUNCTIONS = [plain]\n",
}


@pytest.mark.parametrize(
    ("file", "old", "new", "holds"),
    [
        ("lab.py", "return 2", "return 3", True),
        ("lab.py", "return weight(self.v)", "return weight(self.v) * 2", True),
        ("lab.py", "return value + 1", "return value + 2", False),  # a module runs it
        ("lab.py", "return 2\n", "return FIRST\n", False),  # it could build now
        ("tools.py", "return value\n", "return T(v=value)\n", False),
        ("tools.py", "return value\n", "return other()\n", False),  # who names it is run later
        ("tools.py", "return value\n", "return sorted(value)\n", True),
        ("tools.py", "return T(v=5)", "return T(v=6)", False),
        ("lab.py", "return 2\n", "yield 2\n", False),
        ("lab.py", "    return 2\n", "    x = 2\n    return x\n", False),  # all that follows moves
    ],
)
def test_which_edits_change_nothing(file: str, old: str, new: str, holds: bool) -> None:
    linked = Linked()
    before = linked.project(TOOLS)
    trace = discover_with_trace(before, Limits(), {}).trace
    after = linked.project({**TOOLS, file: TOOLS[file].replace(old, new)})
    assert before.facts != after.facts
    assert is_known(trace, before, after) is holds


READ_BY_NOBODY = (
    "import huldra\n\nclass T(huldra.Huldra[int]):\n    v: int = 0\n\n"
    "    def _create(self) -> int:\n        return 0\n\n    def _load(self) -> int:\n        return 0\n\n"
    "A = [1]\nB = [1]\n\ndef helper():\n    return A\n\n"
    "def numbers(flag):\n    if flag:\n        helper()\n    yield 1\n    yield 2\n\n"
    "found = numbers(False)\nnext(found)\nB.append(5)\nT(v=next(found))\n"
)


def test_what_a_generator_could_read_counts_though_it_is_not_run() -> None:
    linked, going_on = Linked(), Evaluation(LIMITS)
    before = linked.project({"lab.py": READ_BY_NOBODY})
    first = discover_with_trace(before, Limits(), {})
    assert going_on.experiments(before, {}) == first.experiments
    after = linked.project({"lab.py": READ_BY_NOBODY.replace("return A", "return B")})
    anew = discover_experiments(after)
    assert anew != first.experiments
    assert going_on.experiments(after, {}) == anew
    assert not is_known(first.trace, before, after)


STORY = {
    "alpha.py": "import huldra\n\nclass Model(huldra.Huldra[int]):\n    depth: int = 1\n\n"
    "    def _create(self) -> int:\n        return Model(depth=self.depth + 1).depth\n\n"
    "    def _load(self) -> int:\n        return 0\n\nBASE = Model()\n",
    "beta.py": "from alpha import Model\n\nclass Train(Model):\n    lr: float = 0.1\n\n"
    "RUNS = [Train(lr=lr) for lr in (1.0, 2.0)]\n",
    "gamma.py": "from alpha import Model\n\ndef main() -> None:\n    Model(depth=7)\n",
}


def test_an_edit_costs_what_it_can_have_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[object] = []
    imported: list[str] = []
    parts: list[str] = []
    start, run, run_part = evaluation.start_machine, project_order.run_module, parts_again.run_part
    monkeypatch.setattr(evaluation, "start_machine", lambda *words: begun.append(1) or start(*words))

    def run_module(machine, name):
        if name not in machine.modules:
            imported.append(name)
        return run(machine, name)

    def run_one(machine, block, frame):
        parts.append(frame.module)
        return run_part(machine, block, frame)

    monkeypatch.setattr(project_order, "run_module", run_module)
    monkeypatch.setattr(parts_again, "run_part", run_one)
    linked, going_on = Linked(), Evaluation(LIMITS)

    def after(name: str, old: str, new: str):
        imported.clear()
        parts.clear()
        return going_on.experiments(linked.project({**STORY, name: STORY[name].replace(old, new)}), {})

    first = after("alpha.py", "", "")
    assert imported == ["alpha", "beta", "gamma"]
    assert after("gamma.py", "depth=7", "depth=8") is not first, "a function that builds"
    assert imported == []
    again = after("gamma.py", "", "")
    assert after("alpha.py", "return 0", "return 1") is again, "a function that builds nothing"
    assert imported == []
    after("beta.py", "2.0", "3.0")
    assert (imported, parts) == ([], ["beta"]), "a statement"
    after("beta.py", "", "")
    after("beta.py", "lr: float = 0.1", "lr: float = 0.2")
    assert (imported, parts) == (["beta"], []), "a class"
    after("beta.py", "", "")
    after("alpha.py", "depth: int = 1", "depth: int = 2")
    assert imported == ["alpha", "beta", "gamma"]
    assert len(begun) == 1, "and nothing began anew"


CIRCLE = {
    "alpha.py": "import huldra\nimport registry\n\nclass Model(huldra.Huldra[int]):\n    depth: int = 1\n\n"
    "    def _create(self) -> int:\n        return Model(depth=self.depth + 1).depth\n\n"
    "    def _load(self) -> int:\n        return 0\n\nfrom beta import RUNS\n",
    "beta.py": "from alpha import Model\nimport registry\n\nRUNS = [Model(depth=depth) for depth in registry.DEPTHS]\n"
    "registry.add(4)\nModel.kind = 'b'\n",
    "gamma.py": "from alpha import Model\nfrom registry import DEPTHS\n\ndef main() -> None:\n"
    "    Model(depth=7)\n    Model(depth=len(DEPTHS))\n\n"
    "def other() -> None:\n    Model.depth = 5\n    Model(depth=8)\n",
    "registry.py": "import tables\n\nDEPTHS = [2, 3]\n\ndef add(depth):\n    DEPTHS.append(depth)\n",
    "tables.py": "import registry\n\ndef rows():\n    return registry.DEPTHS\n",
}
"""Modules that import each other, and that change what others hold as they are imported."""


@pytest.mark.parametrize("seed", range(8))
def test_circles_and_modules_that_change_others(seed: int) -> None:
    check(CIRCLE, random.Random(seed), 12)


def test_an_edited_body_costs_no_module_where_their_order_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[object] = []
    start = evaluation.start_machine
    monkeypatch.setattr(evaluation, "start_machine", lambda *words: begun.append(1) or start(*words))
    linked, going_on = Linked(), Evaluation(LIMITS)

    def costs(name: str, old: str, new: str, texts: Mapping[str, str] = CIRCLE) -> int:
        begun.clear()
        assert old in texts[name]
        project = linked.project({**texts, name: texts[name].replace(old, new)}, aside=("registry.py", "tables.py"))
        found, count = going_on.experiments(project, {}), len(begun)
        anew = discover_experiments(project, LIMITS)
        assert (found.by_key, found.dynamic, found.problems) == (anew.by_key, anew.dynamic, anew.problems)
        return count

    without = {**CIRCLE, "gamma.py": CIRCLE["gamma.py"].replace("Model.depth = 5", "pass")}
    assert costs("gamma.py", "depth=7", "depth=7", without) == 1
    assert costs("gamma.py", "depth=7", "depth=9", without) == 0, "a body that builds"
    assert costs("tables.py", "return registry", "return 2 * registry", without) == 0, "two bodies"
    assert costs("tables.py", "return registry", "return 3 * registry", without) == 0, "a body that nobody runs"
    assert costs("registry.py", "DEPTHS.append", "2, DEPTHS.append", without) == 1, "a body that a module runs"
    assert costs("alpha.py", "depth: int = 1", "depth: int = 2", without) == 1, "a module of the circle"
    # Who sets an attribute of a class in a function does it for all that are asked after it: the order counts.
    assert costs("gamma.py", "depth=7", "depth=7") == 1
    assert costs("gamma.py", "depth=7", "depth=9") == 1


TWO_METHODS = {
    "alpha.py": "import huldra\n\nclass Data(huldra.Huldra[int]):\n    rows: int = 1\n\n"
    "    def _create(self) -> int:\n        return 0\n\n    def _load(self) -> int:\n        return 0\n\n"
    "class Train(huldra.Huldra[int]):\n    lr: float = 0.1\n\n"
    "    def _create(self) -> int:\n        return Data(rows=2).load_or_create()\n\n"
    "    def _load(self) -> int:\n        return Data(rows=3).load_or_create()\n\nTRAIN = Train()\n",
}


def test_one_method_after_another() -> None:
    """An edit makes new facts of the whole class; what the next edit changes must still be known for what was run."""
    text, linked, going_on = TWO_METHODS["alpha.py"], Linked(), Evaluation(LIMITS)
    for old, new in (("rows=2", "rows=4"), ("rows=3", "rows=5"), ("rows=4", "rows=6"), ("rows=5", "rows=7")):
        going_on.experiments(linked.project({"alpha.py": text}), {})
        text = text.replace(old, new)
        project = linked.project({"alpha.py": text})
        assert going_on.experiments(project, {}) == discover_experiments(project), new


READERS = {
    "base.py": "import huldra\n\nSIZE = 1\nWORDS = [SIZE]\nNAME = 'SIZE'\n\n"
    "class T(huldra.Huldra[int]):\n    v: int = 0\n    w: int = 0\n\n"
    "    def _create(self) -> int:\n        return T(v=self.v + 100, w=SIZE).v if self.v < 50 else 0\n\n"
    "    def _load(self) -> int:\n        return 0\n\n"
    "def size():\n    return SIZE\n\ndef numbers():\n    yield SIZE\n\nLATER = numbers()\n",
    "plain.py": "from base import SIZE, T\n\nA = T(v=SIZE)\n",
    "renamed.py": "from base import SIZE as S, T as U\n\nN = S + 1\nA = U(v=N, w=1)\n",
    "dotted.py": "import base\n\nA = base.T(v=base.SIZE, w=2)\n",
    "called.py": "from base import T, size\n\nA = T(v=size(), w=3)\n",
    "star.py": "from base import *\n\nA = T(v=SIZE, w=4)\n",
    "by_text.py": "import base\n\nA = base.T(v=getattr(base, base.NAME), w=5)\n",
    "held.py": "from base import T, WORDS\n\nA = [T(v=word, w=6) for word in WORDS]\n",
    "late.py": "from base import LATER, T\n\nA = T(v=next(LATER), w=7)\n",
    "classes.py": "from base import SIZE, T\n\nclass D(T):\n    w: int = SIZE\n\nA = D(v=8)\n",
    "functions.py": "from base import SIZE, T\n\ndef build(v=SIZE):\n    return T(v=v, w=9)\n\nA = build()\n",
    "inside.py": "from base import T\n\ndef main():\n    from base import SIZE\n    T(v=SIZE, w=10)\n",
    "twice.py": "from base import SIZE, T\n\nx = SIZE\nA = T(v=x, w=11)\nx = 20\nB = T(v=x, w=11)\n",
    "branch.py": "from base import SIZE, T\n\nif SIZE > 1:\n    EXTRA = 5\nA = T(v=EXTRA, w=12)\n",
    "filled.py": "from base import SIZE, T\n\nALL = []\nALL.append(SIZE)\nA = T(v=ALL[0], w=13)\n",
    "declared.py": "from base import SIZE, T\n\nn = 0\n\n"
    "def more():\n    global n\n    n = SIZE\n\nmore()\nA = T(v=n, w=14)\n",
    "again.py": "from base import SIZE, T, size\n\nx = SIZE\nA = T(v=x, w=17)\n"
    "from base import size as x\n\nB = T(v=x(), w=18)\n",
    "between.py": "from base import SIZE, T\n\ny = 40\nA = T(v=y + SIZE, w=19)\ny = 41\n",
    "afterwards.py": "from base import SIZE, T\n\nALL = []\nA = T(v=len(ALL) + SIZE, w=20)\nALL.append(0)\n",
    "apart.py": "from base import T\n\nSIZE = 30\nA = T(v=SIZE, w=15)\n",
    "script.py": "import base\n\nif __name__ == '__main__':\n    base.T(v=base.SIZE, w=16)\n",
}


@pytest.mark.parametrize("name", sorted(READERS))
@pytest.mark.parametrize(
    "edit", [("SIZE = 1", "SIZE = 2"), ("NAME = 'SIZE'", "NAME = '__name__'"), ("[SIZE]", "[SIZE, 9]")]
)
def test_whoever_reads_a_name_of_a_module(name: str, edit: tuple[str, str]) -> None:
    """One reader at a time, for one that is run as a whole hides what is missed of the others; then all of them."""
    for files in ({"base.py": READERS["base.py"], name: READERS[name]}, READERS):
        linked, going_on = Linked(), Evaluation(LIMITS)
        for texts in (files, {**files, "base.py": files["base.py"].replace(*edit)}, files):
            project = linked.project(texts)
            assert going_on.experiments(project, {}) == discover_experiments(project)


IN_ORDER = (
    "import huldra\n\nclass T(huldra.Huldra[int]):\n    v: int = 0\n\n"
    "    def _create(self) -> int:\n        return 0\n\n    def _load(self) -> int:\n        return 0\n\n"
    "FIRST = 1\nWORDS = [1]\nLAST = 9\nC = T(v=len(WORDS) + 50)\nx = 2\nA = T(v=x)\nx = 3\nB = T(v=x)\n"
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("FIRST = 1", "FIRST = LAST"),  # which is not bound yet
        ("LAST = 9", "LAST = FIRST + 1"),
        ("x = 2", "x = 4"),
        ("T(v=x)\nB", "T(v=x + 5)\nB"),
        ("LAST = 9", "LAST = [FIRST][5]"),  # raises
        ("LAST = 9", "LAST = [T(v=i) for i in range(FIRST)]"),
        ("LAST = 9", "LAST = WORDS.append(2)"),
        ("LAST = 9", "LAST = lambda: T(v=60)"),
    ],
)
def test_a_statement_sees_what_stands_before_it(old: str, new: str) -> None:
    linked, going_on = Linked(), Evaluation(LIMITS)
    for text in (IN_ORDER, IN_ORDER.replace(old, new), IN_ORDER):
        project = linked.project({"lab.py": text})
        assert going_on.experiments(project, {}) == discover_experiments(project)
