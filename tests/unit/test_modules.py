"""Which module each file is where several roots hold files of one name."""

from huldra.project.modules import build_module_table


def test_of_two_roots_of_the_project_the_earlier_wins_and_the_loser_is_told():
    table = build_module_table(["src/lab/a.py", "lab/a.py"], ["src", ""])
    assert table.file_of["lab.a"] == "src/lab/a.py"
    assert table.shadowed == (("lab/a.py", "src/lab/a.py"),)


def test_projects_inside_the_project_are_named_by_their_own_roots():
    table = build_module_table(["libs/a/a/x.py", "libs/b/src/b/x.py", "lab/x.py"], ["", "libs/b/src", "libs/a"])
    assert table.module_of == {"libs/a/a/x.py": "a.x", "libs/b/src/b/x.py": "b.x", "lab/x.py": "lab.x"}


def test_what_two_of_them_both_have_goes_by_its_path():
    files = [
        "libs/a/conftest.py",
        "libs/a/tests/test_x.py",
        "libs/b/conftest.py",
        "libs/b/tests/test_x.py",
        "conftest.py",
    ]
    table = build_module_table(files, ["", "libs/a", "libs/b"])
    assert table.shadowed == ()
    assert table.module_of["conftest.py"] == "conftest"
    assert table.module_of["libs/a/conftest.py"] == "libs.a.conftest"
    assert table.module_of["libs/a/tests/test_x.py"] == "tests.test_x"
    assert table.module_of["libs/b/tests/test_x.py"] == "libs.b.tests.test_x"


def test_a_copy_of_the_project_inside_it_takes_no_name_away():
    table = build_module_table(["old/src/lab/a.py", "src/lab/a.py"], ["src", "", "old/src"])
    assert table.module_of == {"src/lab/a.py": "lab.a", "old/src/lab/a.py": "old.src.lab.a"}
    assert table.shadowed == ()
