"""What a project takes over from the state before it: only where names lead where they led."""

from huldra.facts.collect import collect_facts
from huldra.project.link import Project, files_that_may_differ, link_project, relink_project
from huldra.project.modules import build_module_table

_A = "import huldra\n\n\nclass A(huldra.Huldra[int]):\n    x: int = 1\n"
_LAZY = """_NAMES = {"A": ".one"}


def __getattr__(name):
    return load(_NAMES[name])
"""
_FILES = {
    "pkg/__init__.py": _LAZY,
    "pkg/one.py": _A,
    "pkg/two.py": _A,
    "user.py": "from pkg import A\n\n\nclass B(A):\n    y: int = 1\n",
    "value.py": "import huldra\n\nTABLE = {'A': '.one'}\n",
}


def linked(files: dict[str, str], before: Project | None = None) -> Project:
    if before is None:
        modules = build_module_table(sorted(files), [""])
        return link_project(modules, {name: collect_facts(text) for name, text in files.items()}, tuple(sorted(files)))
    facts = {name: before.facts[name] if text == _FILES[name] else collect_facts(text) for name, text in files.items()}
    again = relink_project(before, facts)
    return again or link_project(before.modules, facts, before.relevant)


def edited(name: str, old: str, new: str) -> dict[str, str]:
    assert old in _FILES[name]
    return {**_FILES, name: _FILES[name].replace(old, new)}


def test_a_table_of_lazy_names_leads_elsewhere() -> None:
    before = linked(_FILES)
    assert before.classes["user.B"].order[1] == "pkg.one.A"
    after = linked(edited("pkg/__init__.py", ".one", ".two"), before)
    assert after.classes["user.B"].order[1] == "pkg.two.A"
    assert files_that_may_differ(before, after, ()) is None


def test_any_other_table_is_a_value() -> None:
    before = linked(_FILES)
    after = linked(edited("value.py", ".one", ".two"), before)
    assert files_that_may_differ(before, after, ()) == {"value.py"}


def test_a_field_concerns_the_files_of_those_that_inherit_it() -> None:
    before = linked(_FILES)
    after = linked(edited("pkg/one.py", "= 1", "= 2"), before)
    assert files_that_may_differ(before, after, ()) == {"pkg/one.py", "user.py"}


def test_a_file_that_only_problems_follow_from_counts_where_it_is_named() -> None:
    files = {**_FILES, "aside.py": "KIND = int\n"}
    modules = build_module_table(sorted(files), [""])
    facts = {name: collect_facts(text) for name, text in files.items()}
    before = link_project(modules, facts, tuple(sorted(_FILES)))
    after = relink_project(before, {**facts, "aside.py": collect_facts("from other import KIND\n")})
    assert after is not None  # nobody has looked into it
    assert files_that_may_differ(before, after, ()) == set()
    assert files_that_may_differ(before, after, ("aside.py",)) is None
