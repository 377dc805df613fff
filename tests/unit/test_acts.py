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
