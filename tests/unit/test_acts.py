"""What importing modules changes of what a closure reaches, and which functions were asked to tell that."""

from tests.harness.code_states import closure_of

EXPERIMENT = """import huldra
import lib
import start


class Run(huldra.Huldra[int]):
    lr: float = 1

    def _create(self):
        return lib.TABLE
"""
LIBRARY = """TABLE = {}


def put(table, value):
    keep(table, value)


def keep(table, value):
    table["a"] = value


def show(table):
    print(table)
"""


def asked_of(start: str) -> tuple[set[str], set[tuple[str, int, int]]]:
    """Return what is reached of a module that is imported, and the lines of what was asked."""
    closure = closure_of({"exp.py": EXPERIMENT, "lib.py": LIBRARY, "start.py": start})
    return {each.name for each in closure.definitions if each.file == "start.py"}, set(closure.asked)


def test_a_function_that_is_called_is_asked_and_so_is_what_it_calls() -> None:
    acts, asked = asked_of("import lib\n\nlib.put(lib.TABLE, 7)\n")
    assert acts == {"start.TABLE"}
    assert asked == {("lib.py", 4, 5), ("lib.py", 8, 9)}


def test_a_function_is_asked_that_changes_nothing() -> None:
    acts, asked = asked_of("import lib\n\nlib.show(lib.TABLE)\n")
    assert acts == set()
    assert asked == {("lib.py", 12, 13)}


def test_what_only_a_script_or_a_function_does_is_not_asked() -> None:
    acts, asked = asked_of(
        "import lib\n\n\ndef later():\n    lib.put(lib.TABLE, 7)\n\n\n"
        "if __name__ == '__main__':\n    lib.put(lib.TABLE, 8)\n"
    )
    assert (acts, asked) == (set(), set())


def test_a_function_that_calls_itself_is_asked_once() -> None:
    recursive = LIBRARY.replace("    keep(table, value)", "    put(table, value)\n    keep(table, value)")
    files = {"exp.py": EXPERIMENT, "lib.py": recursive, "start.py": "import lib\n\nlib.put(lib.TABLE, 7)\n"}
    closure = closure_of(files)
    assert sorted(closure.asked) == [("lib.py", 4, 6), ("lib.py", 9, 10)]
    assert [each.name for each in closure.definitions if each.file == "start.py"] == ["start.TABLE"]


def chain(length: int, body: str) -> str:
    """Return functions that each call the next one, the last of which changes what it is given."""
    functions = (f"def f{i}(t):\n{body.format(i + 1)}\n" for i in range(length))
    return "TABLE = {}\n\n\n" + "\n\n".join(functions) + f"\n\ndef f{length}(t):\n    t['a'] = 1\n"


def acts_of_chain(library: str) -> tuple[int, bool]:
    """Return how many functions are asked, and whether the table is said to be changed."""
    closure = closure_of({"exp.py": EXPERIMENT, "lib.py": library, "start.py": "import lib\n\nlib.f0(lib.TABLE)\n"})
    return len(closure.asked), "start.TABLE" in {each.name for each in closure.definitions}


def test_calls_are_followed_deeper_than_python_lets_functions_call() -> None:
    assert acts_of_chain(chain(1500, "    if t is not None:\n        for _ in (1, 2):\n            f{}(t)")) == (
        1501,
        True,
    )


def test_calls_in_nested_statements_are_followed() -> None:
    nested = "".join(f"{'    ' * (level + 1)}if t:\n" for level in range(60))
    assert acts_of_chain(chain(30, nested + "    " * 61 + "f{}(t)")) == (31, True)


def test_functions_that_call_each_other_in_a_long_circle_come_to_an_end() -> None:
    count = 40
    library = "TABLE = {}\n\n\n" + "\n\n".join(
        f"def f{i}(t):\n    {'t[1] = 2' if i == 33 else 'len(t)'}\n    f{(i + 1) % count}(t)\n" for i in range(count)
    )
    assert acts_of_chain(library) == (40, True)


def test_a_table_that_goes_by_another_name_after_many_calls_is_changed() -> None:
    names = "".join(f"A{i + 1} = same(A{i})\n" for i in range(60))
    library = f"TABLE = {{}}\n\n\ndef same(table):\n    return table\n\n\nA0 = same(TABLE)\n{names}"
    files = {"exp.py": EXPERIMENT, "lib.py": library, "start.py": "import lib\n\nlib.A60['a'] = 7\n"}
    assert "start.TABLE" in {each.name for each in closure_of(files).definitions}


def test_what_functions_change_that_call_each_other_is_known_whichever_is_called() -> None:
    library = (
        "TABLE = {}\n\n\ndef f1(t):\n    t['a'] = 1\n    f0(t)\n\n\ndef f0(t):\n    f2(t)\n\n\ndef f2(t):\n    f1(t)\n"
    )
    for name in ("f0", "f1", "f2"):
        start = f"import lib\n\nlib.f0({{}})\nlib.{name}(lib.TABLE)\n"
        closure = closure_of({"exp.py": EXPERIMENT, "lib.py": library, "start.py": start})
        assert "start.TABLE" in {each.name for each in closure.definitions}, name


def test_a_function_that_calls_itself_with_its_arguments_turned_around_changes_all_of_them() -> None:
    library = "TABLE = {}\n\n\ndef put(a, b, c):\n    a['x'] = 1\n    put(b, c, a)\n"
    start = "import lib\n\nlib.put({}, {}, lib.TABLE)\n"
    closure = closure_of({"exp.py": EXPERIMENT, "lib.py": library, "start.py": start})
    assert "start.TABLE" in {each.name for each in closure.definitions}
