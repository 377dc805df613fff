"""After any edit, what is found again of what depends on it is, with the rest as it was, what all of it is anew.

HULDRA_REUSE_PROGRAMS sets how many generated programs are edited, HULDRA_REUSE_SEED where they begin.
"""

import random
from collections.abc import Mapping

import pytest

from huldra.experiments import dependents, evaluation
from huldra.experiments.dependents import find_again
from huldra.experiments.discover import discover_with_trace
from huldra.experiments.evaluate.limits import Limits
from huldra.experiments.model import Discovered
from huldra.facts.scan import import_lines
from tests.agreement.choices import seeded
from tests.agreement.programs import write_program
from tests.cases.test_cases import CASES
from tests.reuse.states import Linked, edits
from tests.reuse.test_reuse import PARTS, PROGRAMS, READERS, SEED, STORY, ZOO


@pytest.fixture(autouse=True)
def _however_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependents, "_LARGEST_SHARE", 100)


def check(texts: Mapping[str, str], chance: random.Random, count: int) -> int:
    """Go on from state to state as far as that can be told; return how often it could."""
    linked, kept, before = Linked(), None, dict(texts)
    then, found_again = None, 0
    for words, state in (("as written", dict(texts)), *edits(texts, chance, count)):
        project = linked.project(state)
        edited = [name for name in state if state[name] != before[name]]
        anew = discover_with_trace(project, Limits(), {})
        found: Discovered | None = None
        if kept is not None and then is not None and _import_alike(before, state, edited):
            found = find_again(kept, then, project, edited, Limits())
        if found is not None:
            found_again += bool(edited)
            shown = "\n".join(f"#: file {name}\n{text}" for name, text in state.items())
            for part in PARTS:
                now, expected = getattr(found.experiments, part), getattr(anew.experiments, part)
                assert now == expected, f"{part} after {words}\n{shown}"
                assert list(now) == list(expected), f"the order of {part} after {words}\n{shown}"
            # Whoever goes on from here must not take anything for not run, or not named, that was.
            assert found.trace.ran >= anew.trace.ran
            assert found.trace.building == anew.trace.building
            assert found.trace.defined >= anew.trace.defined
            assert found.trace.mentioned >= anew.trace.mentioned & anew.trace.defined
        kept, then, before = found or anew, project, state
    return found_again


def _import_alike(before: Mapping[str, str], now: Mapping[str, str], edited: list[str]) -> bool:
    return all(import_lines(before[name].encode()) == import_lines(now[name].encode()) for name in edited)


@pytest.mark.parametrize("seed", range(SEED, SEED + PROGRAMS))
def test_generated_programs(seed: int) -> None:
    program = write_program(seeded(seed), with_unknowns=bool(seed % 2))
    check(program.files, random.Random(seed + 2), 8)


@pytest.mark.parametrize("case", CASES[4::9], ids=lambda case: case.path.stem)
def test_cases(case) -> None:
    texts = {name: text for name, text in case.files.items() if name.endswith(".py")}
    check(texts, random.Random(case.path.stem + "?"), 4)


@pytest.mark.parametrize("seed", range(3))
def test_modules_that_read_each_other(seed: int) -> None:
    assert check(READERS, random.Random(seed), 15) + check(STORY, random.Random(seed), 15) > 0


def test_zoo() -> None:
    texts = {str(path.relative_to(ZOO)): path.read_text(encoding="utf-8") for path in sorted(ZOO.rglob("*.py"))}
    check(texts, random.Random(SEED), 10)


LAB = {
    "base.py": "import huldra\n\nclass Data(huldra.Huldra[int]):\n    rows: int = 1\n\n"
    "    def _create(self) -> int:\n        return 0\n\n    def _load(self) -> int:\n        return 0\n\n"
    "class Train(huldra.Huldra[int]):\n    lr: float = 0.1\n    depth: int = 2\n\n"
    "    def _create(self) -> int:\n        return Data(rows=self.depth).load_or_create()\n\n"
    "    def _load(self) -> int:\n        return 0\n\n"
    "def trained(lr):\n    return Train(lr=lr, depth=9)\n\nUNUSED = []\n",
    "one.py": "from base import Data, Train, trained\n\nA = Train(lr=0.5)\nB = trained(0.25)\nFEW = [20, 21]\n"
    "MORE = [Data(rows=n) for n in FEW]\n\ndef weigh(n):\n    return n * 2\n\nC = Data(rows=weigh(4) * 0 + 8)\n",
    "two.py": "from base import Data, Train\n\nA = Train(lr=1.5)\nB = Data(rows=3)\n",
    "three.py": "from one import A, Data\n\nclass Held(Data):\n    pass\n",
    "other.py": "from base import Data\n\nE = Data(rows=5)\n",
}


@pytest.mark.parametrize(
    ("file", "old", "new", "is_told"),
    [
        ("one.py", "lr=0.5", "lr=0.75", True),
        ("one.py", "FEW = [20, 21]", "FEW = [20, 21]\nX = 1", True),  # all that follows moves
        ("one.py", "FEW = [20, 21]", "FEW = [20, 40]", True),
        ("one.py", "FEW = [20, 21]", "FEW = []", True),
        ("one.py", "n * 2", "n * 3", True),  # what was run, and gives the same in the end
        ("two.py", "rows=3", "rows=4", True),
        ("one.py", "trained(0.25)", "trained(0.5)", False),  # others may build what the helper builds
        ("two.py", "from base import Data, Train\n", "from base import Data, Train\n\n", True),
        ("two.py", "lr=1.5", "lr=1.5, depth=7", False),  # so does the method that it has from elsewhere
        ("one.py", "lr=0.5", "lr=1.5", False),  # which another module builds
        ("one.py", "B = trained", "New = trained", False),  # a name by which others may find it
        ("base.py", "lr: float = 0.1", "lr: float = 0.2", True),  # all of them look into it
    ],
)
def test_which_edits_can_be_told(file: str, old: str, new: str, is_told: bool) -> None:
    linked = Linked()
    before, after = linked.project(LAB), linked.project({**LAB, file: LAB[file].replace(old, new)})
    assert before.facts != after.facts
    kept, anew = (discover_with_trace(project, Limits(), {}) for project in (before, after))
    found = find_again(kept, before, after, [file], Limits())
    assert (found is not None) is is_told
    assert found is None or found.experiments == anew.experiments


def test_only_what_looks_into_an_edited_module_is_run_for_what_it_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    real = evaluation.Round.take_module
    monkeypatch.setattr(evaluation.Round, "take_module", lambda work, name: taken.append(name) or real(work, name))
    linked = Linked()
    before = linked.project(LAB)
    after = linked.project({**LAB, "two.py": LAB["two.py"].replace("rows=3", "rows=4")})
    kept = discover_with_trace(before, Limits(), {})
    taken.clear()
    assert find_again(kept, before, after, ["two.py"], Limits()) is not None
    assert "one" not in taken
    assert "other" not in taken
    monkeypatch.setattr(dependents, "_LARGEST_SHARE", 0.1)
    assert find_again(kept, before, after, ["two.py"], Limits()) is None, "most of it would be evaluated twice"


UNTELLABLE = {
    "a circle": {"one.py": "import two\nfrom base import Data\n\nA = Data(rows=2)\n", "two.py": "import one\n"},
    "values of others": {"one.py": "import base\n\nbase.UNUSED.append(1)\nA = base.Data(rows=2)\n"},
    "a script that changes something": {
        "one.py": "import base\n\nA = base.Data(rows=2)\n\n"
        "if __name__ == '__main__':\n    base.UNUSED.append(base.Data(rows=3))\n"
    },
    "an environment variable": {
        "one.py": "import os\nfrom base import Data\n\nA = Data(rows=2)\nB = Data(rows=int(os.environ.get('N', '7')))\n"
    },
}


@pytest.mark.parametrize("what", sorted(UNTELLABLE))
def test_where_the_order_of_work_counts_nothing_is_told(what: str) -> None:
    linked = Linked()
    texts = {"base.py": LAB["base.py"], **UNTELLABLE[what]}
    before = linked.project(texts)
    after = linked.project({**texts, "one.py": texts["one.py"].replace("rows=2", "rows=4")})
    assert before.facts != after.facts
    assert find_again(discover_with_trace(before, Limits(), {}), before, after, ["one.py"], Limits()) is None


def after_each(states: list[dict[str, str]]) -> list[bool]:
    """Go on from state to state; return which could be told, each of which is compared."""
    linked, kept, told = Linked(), None, list[bool]()
    for number, state in enumerate(states):
        project = linked.project(state)
        found = None
        if kept is not None:
            before = states[number - 1]
            edited = [name for name in state if state[name] != before[name]]
            found = find_again(kept, linked.project(before), project, edited, Limits())
            told.append(found is not None)
        anew = discover_with_trace(project, Limits(), {})
        assert found is None or found.experiments == anew.experiments
        kept = found or anew
    return told


def test_what_is_looked_into_since_an_edit_is_known_for_the_next() -> None:
    """The import says `pkg`; which of its modules is read, only the evaluation knows."""
    texts = {
        "base.py": LAB["base.py"],
        "pkg/__init__.py": "",
        "pkg/a.py": "N = 11\n",
        "pkg/b.py": "N = 12\n",
        "one.py": "import pkg\nfrom base import Data\n\nA = Data(rows=pkg.a.N)\n",
    }
    other = {**texts, "one.py": texts["one.py"].replace("pkg.a", "pkg.b")}
    assert after_each([texts, other, {**other, "pkg/b.py": "N = 13\n"}]) == [True, True]


def test_who_finds_classes_by_looking_depends_on_them() -> None:
    texts = {
        "base.py": LAB["base.py"],
        "one.py": "from base import Data\n\nA = [each(rows=3) for each in Data.__subclasses__()]\n",
        "first.py": "from base import Data\n\nclass More(Data):\n    more: int = 1\n",
    }
    edit = {**texts, "first.py": texts["first.py"].replace("more: int = 1", "more: int = 2")}
    after_each([texts, edit, texts])
    after_each([dict(reversed(each.items())) for each in (texts, edit, texts)])


ROOT = (
    "import huldra\n\nclass Root(huldra.Huldra[int]):\n    v: int = 0\n\n"
    "    def _create(self) -> int:\n        return 0\n\n"
    "class Known(Root):\n    def _load(self) -> int:\n        return 0\n"
)


def test_a_class_that_can_be_built_now_is_found_by_who_looks_for_subclasses() -> None:
    texts = {
        "base.py": ROOT,
        "one.py": "from base import Root\n\nA = [each(v=3) for each in Root.__subclasses__()]\n",
        "first.py": "from base import Root\n\nclass More(Root):\n    def other(self) -> int:\n        return 0\n",
        "second.py": "import first\nimport one\n",
    }
    after_each([texts, {**texts, "first.py": texts["first.py"].replace("other", "_load")}])


def test_what_nobody_calls_any_more_is_run_as_if_somebody_did() -> None:
    """The helper builds nothing as it was called; with an argument that is not known it may."""
    texts = {
        "base.py": LAB["base.py"] + "\ndef rarely(n):\n    if n > 5:\n        return Data(rows=77)\n    return 0\n",
        "one.py": "from base import Data, rarely\n\nrarely(3)\nA = Data(rows=2)\n",
    }
    assert after_each([texts, {**texts, "one.py": texts["one.py"].replace("rarely(3)", "len('n')")}]) == [False]
