"""New entries of tables that other modules fill: whether they count for who reads the table."""

import pytest

from huldra.comparison.code_changes import code_changes
from tests.harness.code_states import changes_between, closure_of
from tests.unit.test_fingerprints_from_afar import REGISTRY

NEW_ENTRY = """from registry import register


@register("tree")
def tree():
    return 5
"""
REGISTRY_CLASS = {
    "exp.py": """import huldra
import models
from registry import MODELS


class Run(huldra.Huldra[int]):
    kind: str = "mlp"

    def _create(self) -> int:
        return MODELS.build(self.kind)
""",
    "registry.py": """class Registry:
    def __init__(self, name):
        self.name = name
        self._made = {}

    def register(self, name):
        def add(function):
            self._made[name] = function
            return function
        return add

    def names(self):
        return sorted(self._made)

    def __iter__(self):
        return iter(self._made)

    def build(self, name):
        if name not in self._made:
            raise KeyError(f"{name} is none of {list(self._made)} in {self.name}")
        return self._made[name]()


MODELS = Registry("models")
""",
    "models.py": """from registry import MODELS


@MODELS.register("mlp")
def mlp():
    return 1
""",
}
NEW_IN_CLASS = NEW_ENTRY.replace("import register", "import MODELS").replace("@register", "@MODELS.register")
TREE_IN_CLASS = NEW_IN_CLASS.removeprefix("from registry import MODELS\n")


@pytest.mark.parametrize(
    ("files", "file", "text"),
    [
        (REGISTRY, "trees.py", NEW_ENTRY),
        (REGISTRY, "trees.py", 'from registry import MODELS\n\nMODELS["tree"] = lambda: 5\n'),
        (REGISTRY, "a_script.py", "from registry import MODELS\n\nMODELS.update(a=1)\n"),
        (REGISTRY, "models.py", REGISTRY["models.py"].replace("def other", '@register("tree")\ndef other')),
        (REGISTRY_CLASS, "trees.py", NEW_IN_CLASS),
        (REGISTRY_CLASS, "models.py", REGISTRY_CLASS["models.py"] + TREE_IN_CLASS),
    ],
)
def test_a_new_entry_is_nothing_to_who_asks_for_another_key(files: dict[str, str], file: str, text: str) -> None:
    assert changes_between(files, {**files, file: text}) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("MODELS.build(self.kind)", "[name for name in MODELS]"),
        ("MODELS.build(self.kind)", "MODELS.names()"),
        ("MODELS.build(self.kind)", "len(MODELS._made)"),
        ("MODELS.build(self.kind)", "build_from(MODELS, self.kind)"),
    ],
)
def test_a_new_entry_counts_where_all_are_looked_through(old: str, new: str) -> None:
    files = {**REGISTRY_CLASS, "exp.py": REGISTRY_CLASS["exp.py"].replace(old, new)}
    changes = changes_between(files, {**files, "trees.py": NEW_IN_CLASS})
    assert "trees.tree" in [change.definition for change in changes]
    assert not any(change.is_certain for change in changes)


def test_what_is_new_in_a_table_may_be_old_where_not_all_files_are_known_that_there_were() -> None:
    files = {**REGISTRY_CLASS, "exp.py": REGISTRY_CLASS["exp.py"].replace("MODELS.build(self.kind)", "list(MODELS)")}
    then, now = closure_of(files), closure_of({**files, "trees.py": NEW_IN_CLASS})
    assert code_changes(then, now) != ()
    assert code_changes(then, now, is_partial=True) == ()


@pytest.mark.parametrize(
    ("decorator", "counts"),
    [
        ('@register("MLP")', True),
        ("@register(NAME)", True),
        ("@register(Kind.TREE)", False),
        ("@register(KINDS.TREE)", True),
        ('@register(f"{NAME}")', True),
        ("@register()", False),
        ('@register("tree", like="mlp")', False),
        ('@register(name="mlp")', True),
    ],
)
def test_a_new_entry_counts_where_its_key_may_be_taken(decorator: str, counts: bool) -> None:
    now = {**REGISTRY, "trees.py": NEW_ENTRY.replace('@register("tree")', decorator)}
    assert [change.definition for change in changes_between(REGISTRY, now)] == (["trees.tree"] if counts else [])


@pytest.mark.parametrize(("filled", "counts"), [(True, False), (False, True)])
def test_the_first_entry_counts_where_code_asks_whether_there_is_any(filled: bool, counts: bool) -> None:
    asked = REGISTRY["exp.py"].replace("return MODELS", "return 0 if not MODELS else MODELS")
    files = {**REGISTRY, "exp.py": asked if filled else asked.replace("import models\n", "")}
    if not filled:
        del files["models.py"]
    changes = changes_between(files, {**files, "trees.py": NEW_ENTRY})
    assert [change.definition for change in changes] == (["trees.tree"] if counts else [])


def test_functions_of_one_name_are_paired_by_their_modules() -> None:
    one = NEW_ENTRY.replace('"tree"', '"one"').replace("tree()", "make()")
    two = NEW_ENTRY.replace('"tree"', '"two"').replace("tree()", "make()").replace("5", "6")
    files = {**REGISTRY, "m_one.py": one, "m_two.py": two}
    added = {**files, "a_new.py": one.replace('"one"', '"new"').replace("5", "7")}
    assert changes_between(files, added) == ()
    moved = {**{name: text for name, text in files.items() if name != "m_one.py"}, "z_one.py": one}
    assert changes_between(files, moved) == ()
    edited = {**files, "m_two.py": two.replace("6", "8")}
    assert [change.definition for change in changes_between(files, edited)] == ["m_two.make"]


def test_a_new_class_is_nothing_to_who_asks_for_the_name_of_another_one() -> None:
    files = {
        "exp.py": """import huldra
from judges import JUDGES


class Run(huldra.Huldra[int]):
    kind: str = "exact"

    def _create(self) -> int:
        return JUDGES[self.kind]().score()
""",
        "judges.py": """JUDGES = {}


class Judge:
    def __init_subclass__(cls):
        JUDGES[cls.name] = cls


class Exact(Judge):
    name = "exact"
    unit = "points"

    def score(self):
        return 1
""",
    }
    new = 'from judges import Judge\n\n\nclass Other(Judge):\n    name = "other"\n    unit = "points"\n'
    assert changes_between(files, {**files, "more.py": new}) == ()
    taken = changes_between(files, {**files, "more.py": new.replace('"other"', '"exact"')})
    assert [change.definition for change in taken] == ["more.Other"]
