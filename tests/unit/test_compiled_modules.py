"""Modules of a project that are compiled: what is said of imports, and of runs whose code reads them. Real runs."""

import json
import shutil

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.analysis.live import LiveProject
from tests.unit.git_builder import commit, git, new_repository, write
from tests.unit.real_runs import run_really
from tests.unit.test_data_files import ask, judged, stale, verdicts

EXP = """import huldra

{imports}


class Ask(huldra.Huldra[int]):
    def _create(self) -> int:
        return {call}

    def _load(self) -> int:
        return 0


ASK = Ask()
"""
PYX, OTHER, C_SOURCE = "lab/fast.pyx", "lab/other.pyx", "csrc/fast.cpp"
BUILT = "lab/fast.cpython-312-x86_64-linux-gnu.so"
CURRENT = ("current", "certain", [])
LIKELY = ("current", "likely", [])
IGNORED = "data-huldra/\n.huldra_cache/\n__pycache__/\n*.so\nbuild/\n"
MADE = """import sys, types
made = types.ModuleType("{name}")
made.step = lambda x: x + 1
sys.modules["{name}"] = made
parent, _, last = "{name}".rpartition(".")
if parent:
    __import__(parent)
    setattr(sys.modules[parent], last, made)
from lab.exp import ASK
ASK.load_or_create()
"""
"""What runs with a module that is there as one which was compiled is: not from a file of Python."""


def new_project(root, imports, call="step(1)", **files):
    new_repository(root)
    code = EXP.replace("{imports}", imports).replace("{call}", call)
    own = {"pyproject.toml": "", "lab/__init__.py": "", "lab/exp.py": code, ".gitignore": IGNORED}
    commit(root, {**own, **files})
    return root


def make(root, name="lab.fast", *, keeps_sources=True):
    run_really(root, MADE.replace("{name}", name), keeps_sources=keeps_sources)


def run_of(root):
    (run,) = take_snapshot(open_workspace(root, root=root)).comparison.runs
    return run


def verdict(root):
    return judged(run_of(root))


def messages(root):
    notes = (note for note in run_of(root).notes if note.code == "code-not-followed")
    return [note.message.partition(": ")[2] for note in notes]


def problems(root):
    return [problem.text for problem in take_snapshot(open_workspace(root, root=root)).problems]


WAYS = [
    ("from lab.fast import step", "step(1)"),
    ("from .fast import step as quick", "quick(1)"),
    ("import lab.fast", "lab.fast.step(1)"),
    ("import lab.fast as fast", "fast.step(1)"),
    ("from lab import fast", "fast.step(1)"),
    ("from . import fast", "fast.step(1)"),
    ("from lab import fast\n\nquick = fast.step", "quick(1)"),
    ("import lab.fast as fast\n\nquick = fast.step", "quick(1)"),
    ("from lab.fast import *", "step(1)"),
    ("import pyximport\n\npyximport.install()\nfrom lab.fast import step", "step(1)"),
    ("from importlib import import_module", 'import_module("lab.fast").step(1)'),
    ("", '__import__("lab.fast").fast.step(1)'),
    ("try:\n    from lab import fast\nexcept ImportError:\n    fast = None", "fast.step(1) if fast else 2"),
    ("try:\n    from lab.fast import step\nexcept ImportError:\n    from lab.slow import step", "step(1)"),
    ("try:\n    from lab.fast import step\nexcept ImportError:\n    def step(x): return x + 1", "step(1)"),
    ("def step(x):\n    from lab.fast import step as quick\n    return quick(x)", "step(1)"),
    ("def step(x):\n    import lab.fast\n    return lab.fast.step(x)", "step(1)"),
    ("from lab.again import step", "step(1)"),
    ("from lab.all import step", "step(1)"),
]


@pytest.mark.parametrize(("imports", "call"), WAYS)
def test_the_source_of_a_module_of_cython_is_compared_however_it_is_imported(tmp_path, imports, call):
    if "pyximport" in imports:
        write(tmp_path, {"lib/pyximport.py": "def install() -> None: ...\n"})
    root = new_project(
        tmp_path / "project",
        imports,
        call,
        **{PYX: "def step(x): return x + 1\n", OTHER: "def other(): return 1\n"},
        **{"lab/slow.py": "def step(x): return x + 1\n", "lab/again.py": "from lab.fast import step\n"},
        **{"lab/all.py": "from lab.fast import *\n"},
    )
    run_really(root, MADE.replace("{name}", "lab.fast"), tmp_path / "lib")
    assert verdict(root)[0] == "current"
    assert not [said for said in messages(root) if "fast" in said and "cannot be found" in said]
    assert [text for text in problems(root) if "no module" in text] == []
    write(root, {OTHER: "def other(): return 2\n"})
    assert verdict(root)[0] == "current"
    write(root, {PYX: "def step(x): return x + 2\n"})
    assert verdict(root) == stale(PYX)
    reasons = [reason.message for reason in run_of(root).reasons]
    assert reasons == [f"{PYX} changed, and lab.fast may be compiled from it"]
    write(root, {OTHER: "def other(): return 1\n"})
    (root / PYX).unlink()
    assert verdict(root) == stale(PYX)


@pytest.mark.parametrize("keeps_sources", [True, False])
def test_a_module_of_cython_and_what_lies_beside_it(tmp_path, keeps_sources):
    files = {PYX: "import numpy as np\n\ndef step(x): return x + 1\n", "lab/fast.pxd": "cdef int step(int)\n"}
    root = new_project(tmp_path / "project", "from lab.fast import step", **files)
    write(root, {BUILT: b"\x7fELF\0"})
    make(root, keeps_sources=keeps_sources)
    assert verdict(root) == CURRENT
    write(root, {BUILT: b"\x7fELF\0\0"})  # built again
    assert verdict(root) == CURRENT
    write(root, {"lab/fast.pxd": "cdef long step(long)\n"})
    assert verdict(root) == stale("lab/fast.pxd")
    git(root, "checkout", "lab/fast.pxd")
    assert verdict(root) == CURRENT
    write(root, {"lab/more.pxi": "\n"})
    assert verdict(root) == stale("lab/more.pxi")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import numpy as np\nfrom libc.math cimport exp\ncdef extern from 'math.h':\n    pass\n", CURRENT),
        ("from lab.slow import step\n", LIKELY),
        ("from .other cimport step\n", LIKELY),
        ("cimport lab.other\n", LIKELY),
        ("def step(x):\n    import numpy, lab\n", LIKELY),
        ('cdef extern from "fast.h":\n    int step(int)\n', LIKELY),
        ('include "csrc/fast.pxi"\n', LIKELY),
        ('include "beside.pxi"\n', CURRENT),
        ("# distutils: sources = csrc/fast.c\n", LIKELY),
    ],
)
def test_what_a_module_of_cython_takes_in_is_not_followed(tmp_path, text, expected):
    files = {PYX: text, "lab/slow.py": "", OTHER: "", "csrc/fast.h": "", "csrc/fast.c": "", "csrc/fast.pxi": ""}
    root = new_project(tmp_path / "project", "from lab.fast import step", **files, **{"lab/beside.pxi": ""})
    make(root)
    assert verdict(root) == expected
    said = [f"{PYX} imports or includes more of the project, which is not followed"]
    assert messages(root) == (said if expected is LIKELY else [])


@pytest.mark.parametrize("keeps_sources", [True, False])
def test_a_binary_that_git_tracks_is_compared(tmp_path, keeps_sources):
    root = new_project(tmp_path / "project", "from lab.fast import step", **{".gitignore": "data-huldra/\n"})
    commit(root, {BUILT: b"\x7fELF\0", C_SOURCE: "1\n"})
    make(root, keeps_sources=keeps_sources)
    assert verdict(root) == CURRENT
    write(root, {C_SOURCE: "2\n"})
    assert verdict(root) == CURRENT
    write(root, {BUILT: b"\x7fELF\0\r\n"})
    assert verdict(root) == stale(BUILT)


def test_of_a_binary_that_nobody_has_committed_git_records_no_content(tmp_path):
    root = new_project(tmp_path / "project", "from lab.fast import step", **{".gitignore": "data-huldra/\n"})
    write(root, {BUILT: b"\x7fELF\0"})
    make(root)
    assert verdict(root) == LIKELY
    write(root, {BUILT: b"\x7fELF\0\0"})
    assert verdict(root) == LIKELY
    assert any("was recorded as binary, without its content" in note.message for note in run_of(root).notes)


@pytest.mark.parametrize("is_built", [True, False])
@pytest.mark.parametrize("keeps_sources", [True, False])
def test_any_source_may_be_what_a_module_is_compiled_from(tmp_path, is_built, keeps_sources):
    files = {C_SOURCE: "1\n", "csrc/fast.cuh": "1\n", "rust/src/lib.rs": "1\n", "docs/a.md": "1\n"}
    root = new_project(tmp_path / "project", "from lab.fast import step", **files)
    if is_built:
        write(root, {BUILT: b"\x7fELF\0"})
    make(root, keeps_sources=keeps_sources)
    assert verdict(root) == LIKELY
    (said,) = messages(root)
    assert said.endswith(
        "it may be compiled: " + "all C, C++, CUDA, Rust, Fortran and Cython sources of the project are compared for it"
    )
    assert bool(problems(root)) is not is_built
    write(root, {"docs/a.md": "2\n"})
    assert verdict(root) == LIKELY
    for name in (C_SOURCE, "csrc/fast.cuh", "rust/src/lib.rs"):
        write(root, {name: "2\n"})
        assert verdict(root) == stale(name)
        git(root, "checkout", name)
    write(root, {"csrc/more.cpp": "1\n"})
    assert verdict(root) == stale("csrc/more.cpp")
    (root / "csrc/more.cpp").unlink()
    shutil.rmtree(root / "rust")
    shutil.rmtree(root / "csrc")
    assert verdict(root) == stale(C_SOURCE, "rust/src/lib.rs", "csrc/fast.cuh")


def test_a_module_behind_a_fallback_whose_sources_are_elsewhere_is_a_doubt(tmp_path):
    imports = "try:\n    from lab.fast import step\nexcept ImportError:\n    step = abs"
    root = new_project(tmp_path / "project", imports)
    make(root)
    assert verdict(root) == CURRENT  # there is no such module, and nothing that it could be made of
    write(root, {BUILT: b"\x7fELF\0"})
    assert verdict(root) == LIKELY
    assert messages(root) == ["lab.fast is compiled, and no file of the project says from what"]
    write(root, {C_SOURCE: "1\n"})
    assert verdict(root) == stale(C_SOURCE)


def test_who_does_not_read_it_does_not_mind(tmp_path):
    root = new_project(tmp_path / "project", "from lab.fast import step", "1", **{PYX: "1\n", C_SOURCE: "1\n"})
    make(root)
    write(root, {PYX: "2\n", C_SOURCE: "2\n"})
    assert verdict(root) == CURRENT


def test_a_module_that_stands_in_no_package(tmp_path):
    root = new_project(tmp_path / "project", "import fast", "fast.step(1)", **{"fast.pyx": "1\n"})
    make(root, "fast")
    assert verdict(root) == CURRENT
    write(root, {"fast.pyx": "2\n"})
    assert verdict(root) == stale("fast.pyx")


def test_a_project_below_src(tmp_path):
    root = new_repository(tmp_path / "project")
    code = EXP.replace("{imports}", "from lab.ops.fast import step").replace("{call}", "step(1)")
    files = {"src/lab/__init__.py": "", "src/lab/exp.py": code, "src/lab/ops/fast.pyx": "1\n", "pyproject.toml": ""}
    commit(root, {**files, ".gitignore": IGNORED})
    made = MADE.replace("    __import__(parent)\n    setattr(sys.modules[parent], last, made)\n", "    pass\n")
    run_really(root, made.replace("{name}", "lab.ops.fast"), root / "src")
    assert verdict(root) == CURRENT
    assert problems(root) == []
    write(root, {"src/lab/ops/fast.pyx": "2\n"})
    assert verdict(root) == stale("src/lab/ops/fast.pyx")


def test_operators_that_a_library_registers_belong_to_what_is_imported_for_them(tmp_path):
    write(tmp_path, {"lib/torch.py": "class ops:\n    class lab:\n        step = abs\n"})
    root = new_project(tmp_path / "project", "import torch\n\nimport lab.fast", "torch.ops.lab.step(1)", **{PYX: "1\n"})
    run_really(root, MADE.replace("{name}", "lab.fast"), tmp_path / "lib")
    assert verdict(root) == CURRENT
    write(root, {PYX: "2\n"})
    assert verdict(root) == stale(PYX)


LOADED = 'from loader import load\n\nOPS = load(name="ops", sources=["csrc/a.cpp", "csrc/b.cu"])'


def test_sources_that_are_compiled_as_they_are_loaded_and_what_they_include(tmp_path):
    write(tmp_path, {"lib/loader.py": "def load(name, sources): return abs\n"})
    files = {"csrc/a.cpp": "1\n", "csrc/b.cu": "1\n", "csrc/inner/b.cuh": "1\n", C_SOURCE: "1\n"}
    root = new_project(tmp_path / "project", LOADED, "OPS(1)", **files)
    run_really(root, MADE.replace("{name}", "lab.fast"), tmp_path / "lib")
    assert verdict(root) == CURRENT
    write(root, {C_SOURCE: "2\n"})
    assert verdict(root) == CURRENT
    for name in ("csrc/a.cpp", "csrc/b.cu", "csrc/inner/b.cuh"):
        write(root, {name: "2\n"})
        assert verdict(root) == stale(name)
        git(root, "checkout", name)


LIBRARY = 'import ctypes\n\ndef step(x):\n    return ctypes.CDLL("{path}") if x < 0 else x'


@pytest.mark.parametrize("path", ["build/libfast.so", "lab/libfast.so"])
def test_a_library_that_git_ignores_may_be_made_of_any_source(tmp_path, path):
    root = new_project(tmp_path / "project", LIBRARY.replace("{path}", path), **{C_SOURCE: "1\n"})
    write(root, {path: b"\x7fELF\0"})
    make(root)
    assert verdict(root) == LIKELY
    write(root, {path: b"\x7fELF\0\0"})
    assert verdict(root) == LIKELY
    write(root, {C_SOURCE: "2\n"})
    assert verdict(root) == stale(C_SOURCE)


def test_a_library_that_git_tracks_is_compared(tmp_path):
    root = new_project(
        tmp_path / "project", LIBRARY.replace("{path}", "lib/libfast.so"), **{".gitignore": "data-huldra/\n"}
    )
    commit(root, {"lib/libfast.so": b"\x7fELF\0", C_SOURCE: "1\n"})
    make(root)
    assert verdict(root) == CURRENT
    write(root, {C_SOURCE: "2\n"})
    assert verdict(root) == CURRENT
    write(root, {"lib/libfast.so": b"\x7fELF\0\0"})
    assert verdict(root) == stale("lib/libfast.so")


def test_a_library_of_the_system_is_nobodys(tmp_path):
    root = new_project(tmp_path / "project", LIBRARY.replace("{path}", "libm.so"))
    make(root)
    assert verdict(root) == CURRENT


def test_where_only_the_code_was_recorded_it_cannot_be_told(tmp_path):
    imports = "try:\n    from lab.fast import step\nexcept ImportError:\n    step = abs"
    root = new_project(tmp_path / "project", imports, **{PYX: "1\n"})
    make(root)
    (metadata,) = root.glob("data-huldra/**/metadata.json")
    document = json.loads(metadata.read_text())
    metadata.write_text(json.dumps(document).replace(git(root, "rev-parse", "HEAD").strip(), "0" * 40))
    assert verdict(root) == LIKELY


def test_the_editor_sees_a_source_change(tmp_path):
    root = new_project(tmp_path / "project", "from lab.fast import step", **{PYX: "1\n"})
    make(root)
    live = LiveProject(root)

    def judged_now():
        found = live.take_state({})
        live.finish(found)
        (run,) = found.snapshot.comparison.runs
        return judged(run)

    assert judged_now() == CURRENT
    assert not live.has_other_data()
    write(root, {PYX: "2\n"})
    assert live.has_other_data()
    assert judged_now() == stale(PYX)


@pytest.mark.parametrize("words", [("analyze", "--format", "json"), ("runs", "--format", "json")])
def test_answers_that_are_kept_follow_from_sources(tmp_path, words):
    root = new_project(tmp_path / "project", "from lab.fast import step", **{C_SOURCE: "1\n"})
    make(root)
    for _ in range(2):
        assert verdicts(root, words) == ["current"]
    write(root, {C_SOURCE: "2\n"})
    assert verdicts(root, words) == ["stale"]
    write(root, {C_SOURCE: "1\n", PYX: "1\n"})
    assert verdicts(root, words) == ["stale"]


def test_an_answer_that_is_kept_does_not_miss_a_module_that_has_come(tmp_path):
    root = new_project(tmp_path / "project", "from lab.fast import step")
    for _ in range(2):
        assert "there is no module lab.fast" in ask(root, "check")
    write(root, {BUILT: b"\x7fELF\0"})
    assert "there is no module lab.fast" not in ask(root, "check")
    (root / BUILT).unlink()
    assert "there is no module lab.fast" in ask(root, "check")
    write(root, {"lab/fast.pyi": "def step(x: int) -> int: ...\n"})
    assert "there is no module lab.fast" not in ask(root, "check")


def test_a_hook_sees_a_source_that_changed(tmp_path):
    root = new_project(tmp_path / "project", "import fast", "fast.step(1)", **{"fast.pyx": "1\n"})
    make(root, "fast")
    nothing = ask(root, "check", "--staged")
    commit(root, {"README.md": "more\n"})
    assert ask(root, "check", "--staged") == nothing
    write(root, {"fast.pyx": "2\n"})
    git(root, "add", "fast.pyx")
    assert "fast.pyx" in ask(root, "check", "--staged")


@pytest.mark.parametrize("name", [BUILT, PYX, "lab/fast.pyi"])
def test_a_hook_does_not_miss_a_module_that_is_there(tmp_path, name):
    root = new_project(tmp_path / "project", "", "1")
    write(
        root,
        {"lab/new.py": "import huldra\n\nfrom lab.fast import step\n\n\nclass New(huldra.Huldra[int]):\n    pass\n"},
    )
    git(root, "add", "lab/new.py")
    assert "there is no module lab.fast" in ask(root, "check", "--staged")
    write(root, {name: "def step(x): ...\n"})
    git(root, "add", "--all")
    assert "there is no module lab.fast" not in ask(root, "check", "--staged")
