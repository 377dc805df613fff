"""After any edit, what is told by a part that was prepared is what an evaluation of everything finds.

HULDRA_REUSE_PROGRAMS sets how many generated programs are edited, HULDRA_REUSE_SEED where they begin.
"""

import random
from collections.abc import Mapping

import pytest

from huldra.experiments import evaluation, going_on
from huldra.experiments.dependents import Part
from huldra.experiments.discover import discover_experiments, discover_with_trace
from huldra.experiments.encoding import NotEncodableError, encode_experiments
from huldra.experiments.evaluate.limits import Limits
from huldra.experiments.going_on import GoingOn
from huldra.experiments.model import Experiments
from huldra.facts.scan import import_lines
from tests.agreement.choices import seeded
from tests.agreement.programs import write_program
from tests.cases.test_cases import CASES
from tests.reuse.states import Linked, edits
from tests.reuse.test_dependents import LAB
from tests.reuse.test_reuse import PARTS, PROGRAMS, READERS, SEED, STORY, ZOO


@pytest.fixture(autouse=True)
def _however_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(going_on, "_LARGEST_PART", 100)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each state that a part was asked for was told by it."""
    found: list[bool] = []
    real = Part.experiments

    def experiments(part, after, edited):
        experiments = real(part, after, edited)
        found.append(experiments is not None)
        return experiments

    monkeypatch.setattr(Part, "experiments", experiments)
    return found


class Editor:
    """States of one project, one after another, laid out and linked as in an editor."""

    def __init__(self) -> None:
        self.evaluation = GoingOn(Limits())
        self._linked = Linked()
        self._marks: dict[tuple[bytes, ...], object] = {}

    def begin(self, texts: Mapping[str, str], *, has_room: bool) -> None:
        """Begin with a state that another process has found; where it gets room later, all of it counts as edited."""
        laid_out = self._linked.with_room(texts) if has_room else texts
        project = self._linked.next_project(self._linked.project(laid_out))
        self.evaluation.begin(project, self._mark(texts), discover_with_trace(project, Limits(), {}))

    def _mark(self, texts: Mapping[str, str]) -> object:
        return self._marks.setdefault(tuple(import_lines(text.encode()) for text in texts.values()), object())

    def check(self, texts: Mapping[str, str], told: str) -> Experiments:
        """Compare what is found of a state with what is found from nothing. Return it."""
        spaced = self._linked.with_room(texts)
        anew = self._linked.project(spaced)
        project = self._linked.next_project(anew)
        found = self.evaluation.experiments(project, {}, self._mark(texts))
        expected = discover_experiments(anew)
        shown = "\n".join(f"#: file {name}\n{text}" for name, text in texts.items())
        for part in PARTS:
            assert getattr(found, part) == getattr(expected, part), f"{part} after {told}\n{shown}"
        assert list(found.by_key) == list(expected.by_key)
        assert encoded(found) == encoded(expected), f"{told}\n{shown}"
        return found


def encoded(experiments: Experiments) -> bytes | None:
    """Return experiments as bytes, in which 1, 1.0 and True are three values; None where that cannot be."""
    try:
        return encode_experiments(experiments)
    except NotEncodableError:
        return None


def edit(texts: Mapping[str, str], chance: random.Random, count: int) -> None:
    """Edit at random, now and then with a pause in which what is edited is prepared.

    Half of the times the first state is known from elsewhere.
    """
    editor, before, words = Editor(), dict(texts), "as written"
    if chance.random() < 0.5:
        words = "known from elsewhere"
        editor.begin(texts, has_room=chance.random() < 0.7)
    else:
        editor.check(texts, words)
    editor.evaluation.get_ready([chance.choice(sorted(texts))], lambda: None)
    for each, state in edits(texts, chance, count):
        words += f"; {each}"
        editor.check(state, words)
        if chance.random() < 0.6:
            edited = [name for name in state if state[name] != before[name]]
            words += f"; prepared for {edited}"
            editor.evaluation.get_ready(edited, lambda: None)
        if chance.random() < 0.1:
            words += "; caught up"
            editor.evaluation.catch_up(lambda: None)
        before = state


@pytest.mark.parametrize("seed", range(SEED + 2000, SEED + 2000 + PROGRAMS))  # others than elsewhere
def test_generated_programs(seed: int) -> None:
    program = write_program(seeded(seed), with_unknowns=bool(seed % 2))
    edit(program.files, random.Random(seed + 3), 8)


@pytest.mark.parametrize("case", CASES[7::9], ids=lambda case: case.path.stem)
def test_cases(case) -> None:
    texts = {name: text for name, text in case.files.items() if name.endswith(".py")}
    edit(texts, random.Random(case.path.stem + "+"), 4)


@pytest.mark.parametrize(
    "statement", ["held.append(1)", "held.sort()", "for i in range(2): held.append(i)", "open('x').write(held)"]
)
def test_a_script_that_changes_now_what_an_experiment_holds(statement: str) -> None:
    texts = {
        "kinds.py": "import huldra\n\n\nclass Exp(huldra.Huldra[int]):\n    held: object = None\n\n"
        "    def _create(self): return 0\n\n    def _load(self): return 0\n",
        "made.py": "from kinds import Exp\n\nheld = [0]\n\n\ndef make(n):\n    return Exp(held=held)\n",
        "script.py": "from kinds import Exp\nfrom made import held\n\nif __name__ == '__main__':\n"
        "    Exp(held=1)\n    print(held)\n",
    }
    editor = Editor()
    before = editor.check(texts, "as written")
    assert before.by_key
    editor.check({**texts, "script.py": texts["script.py"].replace("print(held)", statement)}, statement)
    assert editor.check(texts, "and undone").by_key.keys() == before.by_key.keys()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("texts", [READERS, STORY, LAB], ids=["readers", "story", "lab"])
def test_modules_that_read_each_other(texts: Mapping[str, str], seed: int, told: list[bool]) -> None:
    edit(texts, random.Random(seed), 25)
    assert any(told) or texts is not LAB


def test_zoo() -> None:
    texts = {str(path.relative_to(ZOO)): path.read_text(encoding="utf-8") for path in sorted(ZOO.rglob("*.py"))}
    edit(texts, random.Random(SEED), 10)


def test_one_state_after_another_is_told_by_one_part(told: list[bool]) -> None:
    editor = Editor()
    editor.check(LAB, "as written")
    editor.evaluation.get_ready(["one.py"], lambda: None)
    first = editor.check({**LAB, "one.py": LAB["one.py"].replace("lr=0.5", "lr=0.75")}, "")
    assert editor.check({**LAB, "one.py": LAB["one.py"].replace("lr=0.5", "lr=0.75") + "# more\n"}, "") is first
    editor.check({**LAB, "one.py": LAB["one.py"].replace("20, 21", "20, 40")}, "")
    held = LAB["three.py"].replace("pass", "more: int = 3")
    both = {**LAB, "one.py": LAB["one.py"].replace("20, 21", ""), "three.py": held}
    editor.check(both, "and one that looks into it")
    assert told == [True, True, True, True]


def test_another_file_is_told_once_there_was_time(told: list[bool]) -> None:
    editor = Editor()
    editor.check(LAB, "as written")
    editor.evaluation.get_ready(["one.py"], lambda: None)
    now = {**LAB, "one.py": LAB["one.py"].replace("lr=0.5", "lr=0.75")}
    editor.check(now, "one file")
    now = {**now, "two.py": LAB["two.py"].replace("rows=3", "rows=4")}
    editor.check(now, "the other")
    editor.evaluation.get_ready(["two.py"], lambda: None)
    now = {**now, "two.py": LAB["two.py"].replace("rows=3", "rows=6")}
    editor.check(now, "the other again")
    assert told == [True, False, True]
    editor.evaluation.get_ready(["one.py"], lambda: None)
    editor.check({**now, "one.py": LAB["one.py"]}, "the first taken back")
    assert told == [True, False, True, True], "what goes on from a part is a state as good as any"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("one.py", "from base import Data, Train, trained", "from base import Data, Train, trained, UNUSED"),
        ("one.py", "trained(0.25)", "trained(0.5)"),
        ("one.py", "B = trained", "New = trained"),
        ("two.py", "rows=3", "rows=5"),
    ],
)
def test_what_a_part_does_not_tell_is_found_all_the_same(file: str, old: str, new: str) -> None:
    editor = Editor()
    editor.check(LAB, "as written")
    editor.evaluation.get_ready([file], lambda: None)
    editor.check({**LAB, file: LAB[file].replace(old, new)}, new)
    editor.check(LAB, "taken back")


@pytest.mark.parametrize("old", ["1", "1.0", "True"])
@pytest.mark.parametrize("new", ["1", "1.0", "True"])
def test_equal_values_are_not_the_same(old: str, new: str) -> None:
    """Of a class that nobody builds, a private field and a dynamic site: no hash tells these apart."""
    texts = {
        "base.py": LAB["base.py"],
        "one.py": "import sys\nimport huldra\nfrom base import Data\n\n"
        "class Left(huldra.Huldra[int]):\n    rows: int = 1\n    _note: object = 2\n\n"
        "    def _create(self) -> int:\n        return 0\n\n    def _load(self) -> int:\n        return 0\n\n"
        "A = Left(rows=3)\nB = Data(rows=len(sys.argv))\n\n"
        "class Alone(huldra.Huldra[int]):\n    rows: int = 1\n    more: int\n\n"
        "    def _create(self) -> int:\n        return 0\n\n    def _load(self) -> int:\n        return 0\n\n"
        "C = Alone(rows=1, more=len(sys.argv))\n",
    }
    for place in ("rows: int = 1\n    more", "_note: object = 2", "rows=1, more"):
        before, after = (
            {**texts, "one.py": texts["one.py"].replace(place, place.replace("1", x).replace("2", x), 1)}
            for x in (old, new)
        )
        for is_prepared in (False, True):
            editor = Editor()
            editor.check(before, place)
            if is_prepared:
                editor.evaluation.get_ready(["one.py"])
            editor.check(after, place)
            editor.check(before, place)


def test_what_is_prepared_can_be_given_up() -> None:
    class GivenUpError(Exception):
        pass

    def check() -> None:
        raise GivenUpError

    editor = Editor()
    editor.check(LAB, "as written")
    with pytest.raises(GivenUpError):
        editor.evaluation.get_ready(["one.py"], check)
    editor.check({**LAB, "one.py": LAB["one.py"].replace("lr=0.5", "lr=0.75")}, "not prepared")
    editor.evaluation.get_ready(["one.py"], lambda: None)
    editor.check({**LAB, "one.py": LAB["one.py"].replace("lr=0.5", "lr=0.8")}, "prepared")


def test_what_is_known_from_elsewhere_is_not_evaluated(told: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[object] = []
    start = evaluation.start_machine
    monkeypatch.setattr(evaluation, "start_machine", lambda *words: begun.append(1) or start(*words))
    editor = Editor()
    editor.begin(LAB, has_room=True)
    begun.clear()
    assert editor.evaluation.is_behind
    editor.check({**LAB, "one.py": LAB["one.py"].replace("lr=0.5", "lr=0.75")}, "edited at once")
    assert told == [True]
    assert len(begun) == 2, "what depends on the edit; and all of it, to compare with"
    editor.evaluation.catch_up(lambda: None)
    assert not editor.evaluation.is_behind
    editor.check({**LAB, "one.py": LAB["one.py"].replace("lr=0.5", "lr=1.5")}, "built elsewhere, too")
    assert told == [True, False]
    assert len(begun) == 4, "the second of all, to compare with"
