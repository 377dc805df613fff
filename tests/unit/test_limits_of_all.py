"""What bounds a whole evaluation: the steps of all pieces of work together, and the work that hides behind a step."""

import re

from huldra.experiments.discover import discover_experiments
from huldra.experiments.evaluate.journal import with_aliases
from huldra.experiments.evaluate.limits import Limits
from huldra.experiments.evaluation import Evaluation
from huldra.experiments.model import Experiments
from huldra.experiments.values import ListObject, Unknown
from tests.reuse.states import Linked

_HEAD = """import huldra

class T(huldra.Huldra[int]):
    v: int = 0
    def _create(self): return 1
    def _load(self): return 1

"""
_LOOP = """def build(flag):
    xs = list(range({0}))
    for _ in range(200):
        if flag():
            xs[0] = 1
    T(v=1)
"""
_LONG = "def long{0}():\n    x = 0\n    while True:\n        x = x + 1\n    T(v={0})\n\n"
_SHORT = "def short():\n    return T(v=77)\n"
_MAKE = "def make(v):\n    return T(v=v)\n"
_LIMITS = Limits(steps=2_000, total_steps=5_000, steps_past_total=100)


def stopped(found: Experiments) -> dict[int, int]:
    """Return after how many steps an evaluation stopped, by line."""
    texts = {
        p.place.line: re.search(r"stopped after (\d+) steps", p.message) for p in found.problems if "HUL003" in p.code
    }
    return {line: int(text[1]) for line, text in texts.items() if text}


def values(files: dict[str, str]) -> list[object]:
    """Return the values of `v` that experiments are built with."""
    found = discover_experiments(Linked().project(files))
    return [dict(experiment.config.fields)["v"] for experiment in found.by_key.values()]


def test_all_pieces_of_work_together_are_bounded() -> None:
    text = _HEAD + "".join(_LONG.format(number) for number in range(6)) + _SHORT
    found = discover_experiments(Linked().project({"lab.py": text}), limits=_LIMITS)
    steps = list(stopped(found).values())
    assert steps == [2_000, 2_000, 2_000, 100]
    # Of all that had fewer steps, a file is told once.
    said = "all of the code takes more than 5000"
    (past,) = (problem for problem in found.problems if said in problem.message)
    assert past.message.endswith(f"{said}; 2 more of this file are not followed to their end")
    # What takes few steps is found all the same.
    assert [key for key in found.by_key if dict(found.by_key[key].config.fields)["v"] == 77]


def test_what_can_build_nothing_takes_no_steps() -> None:
    long = "def busy():\n    x = 0\n    while True:\n        x = x + 1\n\nTABLE = {'busy': busy}\n"
    script = "\nif __name__ == '__main__':\n    while True:\n        TABLE['busy']()\n"
    found = discover_experiments(Linked().project({"lab.py": _HEAD + _SHORT, "tool.py": long + script}))
    assert stopped(found) == {}
    # Without an experiment class not even modules are run.
    assert discover_experiments(Linked().project({"tool.py": "import huldra\nwhile True: pass\n"})).problems == ()


def test_a_script_that_finds_by_a_text_is_run() -> None:
    script = "import lab\n\nif __name__ == '__main__':\n    getattr(lab, 'ma' + 'ke')(5)\n"
    assert values({"lab.py": _HEAD + _MAKE, "tool.py": script}) == [5]


def test_a_script_that_builds_by_a_registry_behind_a_registry_is_run() -> None:
    tool = (
        "from lab import make\n\ndef inner(v): return FIRST['make'](v)\n\n"
        "FIRST = {'make': make}\nSECOND = {'inner': inner}\n\n"
        "if __name__ == '__main__':\n    SECOND['inner'](5)\n"
    )
    assert values({"lab.py": _HEAD + _MAKE, "tool.py": tool}) == [5]


def test_past_the_total_what_goes_on_finds_what_begins_anew() -> None:
    linked, going_on = Linked(), Evaluation(_LIMITS)
    for count in (1, 6, 5, 2, 6, 1):
        text = _HEAD + "".join(_LONG.format(number) for number in range(count)) + _SHORT
        project = linked.project({"lab.py": text, "other.py": f"from lab import T\n\nother = T(v={count + 100})\n"})
        found, anew = going_on.experiments(project, {}), discover_experiments(project, limits=_LIMITS)
        assert (found.by_key, found.dynamic, found.problems) == (anew.by_key, anew.dynamic, anew.problems)


def test_what_sees_no_experiment_takes_no_steps_of_what_does() -> None:
    endless = "x = 0\nwhile x >= 0:\n    x = x + 1\n\nKNOWN = 5\n"
    text = f"import big\n{_HEAD}" + _LONG.format(0) + "T(v=big.KNOWN)\nT(v=big.x)\n" + _SHORT
    files = {"big.py": "import huge\n" + endless, "huge.py": endless, "lab.py": text}
    linked = Linked()
    found = discover_experiments(linked.project(files, aside=("big.py", "huge.py")), limits=_LIMITS)
    # Two modules have half of the total each, and no more than any piece of work.
    (told,) = (p for p in found.problems if "sees no experiment class" in p.message)
    assert told.place.file == "big.py"
    assert told.message.endswith("sees no experiment class; 1 more of such modules are not followed to their end")
    assert {2_000} == set(stopped(found).values())
    assert sorted(dict(e.config.fields)["v"] for e in found.by_key.values()) == [5, 77]
    assert [site.place.line for site in found.dynamic] == [text[: text.index("T(v=big.x)")].count("\n") + 1]


def test_all_that_stand_aside_have_no_more_steps_than_the_total() -> None:
    limits = Limits(steps=1_000, total_steps=4_000, steps_past_total=1)
    assert [limits.steps_aside(count) for count in (0, 1, 2, 4, 5, 8, 9, 16, 17)] == [
        *(1_000, 1_000, 1_000, 1_000),
        *(500, 500, 250, 250, 125),
    ]
    assert all(count * limits.steps_aside(count) <= limits.total_steps for count in range(1, 4_000))


def test_a_module_that_has_other_limits_is_run_again() -> None:
    loop = "x = 0\nfor i in range(400):\n    x = x + 1\n"
    files = {"lab.py": _HEAD + "import a\nT(v=a.x)\n", **{f"{name}.py": loop for name in "abcdefgh"}}
    limits, linked = Limits(steps=2_000, total_steps=2_000, steps_past_total=1), Linked()
    going_on = Evaluation(limits)
    for imported in ("a", "abcdefgh", "ab", "abcde", "a"):
        text = files["lab.py"] + "".join(f"import {name}\n" for name in imported)
        project = linked.project({**files, "lab.py": text}, aside=[f"{name}.py" for name in "abcdefgh"])
        assert project.aside == frozenset(imported)
        found, anew = going_on.experiments(project, {}), discover_experiments(project, limits=limits)
        assert (found.by_key, found.dynamic, found.problems) == (anew.by_key, anew.dynamic, anew.problems)
        assert len(found.by_key) == (limits.steps_aside(len(imported)) > 800), "two steps a turn"


def test_a_step_that_merges_much_counts_for_more() -> None:
    few, many = (
        discover_experiments(Linked().project({"lab.py": _HEAD + _LOOP.format(size)}), limits=Limits(steps=20_000))
        for size in (10, 10_000)
    )
    assert stopped(few) == {}
    assert set(stopped(many).values()) == {20_000}


def test_a_doubt_names_each_value_once_and_shares_the_names() -> None:
    kept = ListObject([])
    doubt = Unknown("a condition", None)
    first, second = with_aliases(doubt, [kept]), with_aliases(doubt, [kept, 1])
    for _ in range(20):
        first, second = with_aliases(doubt, [first, second]), with_aliases(doubt, [second, first, kept])
    assert first.aliases == second.aliases == (kept,)
    assert with_aliases(doubt, [first]).aliases is first.aliases
