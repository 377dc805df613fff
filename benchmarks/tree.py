"""A tree of ten thousand files: five packages from the package index, and 300 files of experiments among them.

`python benchmarks/tree.py [DIRECTORY]` makes it. What was downloaded is kept outside the repository, in
`$HULDRA_BENCHMARKS`, else in `huldra-benchmarks` of the user's cache directory.
"""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

PACKAGES = (
    "django==5.2.19",
    "sympy==1.14.0",
    "sqlalchemy==2.1.9",
    "scikit-learn==1.9.1",
    "homeassistant==2024.3.3",
)
LABS = 12
MODULES = 23
SHARED = "one"
"""The package that holds everything in one of the trees."""
SEEDS = 6
"""Modules of each package that name the library themselves; all others reach it through imports."""

_BODY = '''
class Data{tag}({base}):
    """One of many."""

    name: str = "d{tag}"
    rows: int = 100
    shuffled: bool = True

    def _create(self) -> int:
        total = 0
        for index in range(self.rows):  # a comment
            total += weight(index, {number})
        return total

    def _load(self) -> int:
        return len(self.name)


class Model{tag}({base}):
    depth: int = {number}
    lr: float = 1e-3
    tags: list[str] = {library}.chz.field(default_factory=list)

    def _create(self) -> int:
        return sum(weight(layer, self.depth) for layer in range(self.depth)) + OFFSET

    def _load(self) -> int:
        return self.depth


class Train{tag}(Model{tag}):
    data: Data{tag} = {library}.chz.field(default_factory=Data{tag})
    seed: int = 0

    def _create(self) -> int:
        total = self.data.load_or_create()
        with open(__file__, encoding="utf-8") as file:
            for line in file:
                if line.strip() and not line.startswith("#"):
                    total += weight(len(line), self.seed)
        return total


def weight(left: int, right: int) -> int:
    """Mix two numbers."""
    return (left * 31 + right) % 1_000_003


OFFSET = {number}
SMALL = Data{tag}(rows=10)
LARGE = Data{tag}(rows=10_000, name=f"large-{{OFFSET}}")
SWEEP = [Train{tag}(seed=seed, data=SMALL) for seed in range(4)]
BEST = Train{tag}(lr=3e-4, depth=OFFSET + 1, data=LARGE)



def main() -> None:
    for lr in (1e-2, 1e-4):
        Model{tag}(lr=lr, tags=["main"]).load_or_create()
'''


def cache_directory() -> Path:
    """Return where downloads and trees are kept, outside the repository."""
    told = os.environ.get("HULDRA_BENCHMARKS")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(told) if told else home / "huldra-benchmarks"


def third_party_files(directory: Path) -> Path:
    """Effect: download the packages unless they are there. Return the directory that holds their Python files."""
    unpacked = directory / "packages"
    if unpacked.exists():
        return unpacked
    wheels, draft = directory / "wheels", directory / "packages.draft"
    command = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(wheels)]
    subprocess.run([sys.executable, *command, *PACKAGES], check=True)
    shutil.rmtree(draft, ignore_errors=True)
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if name.endswith(".py") and ".dist-info/" not in name]
            archive.extractall(draft, names)
    draft.rename(unpacked)
    return unpacked


def write_labs(root: Path, prefix: str = "") -> list[str]:
    """Effect: write the files of experiments. Return the root-relative names of those that can see one."""
    names: list[str] = []
    for lab in range(LABS):
        directory = root / _package(lab, prefix).replace(".", "/")
        directory.mkdir(parents=True)
        files = {f"m{module:02}.py": _module(lab, module, prefix) for module in range(MODULES)}
        files["__init__.py"] = "".join(
            f"from .m{seed:02} import Data{_tag(lab, seed)} as Base{seed}\n" for seed in range(SEEDS)
        )
        for name, text in files.items():
            (directory / name).write_text(text)
            names.append((directory / name).relative_to(root).as_posix())
        (directory / "notes.py").write_text("")
    return sorted(names)


def _package(lab: int, prefix: str) -> str:
    # Half of them lie in a namespace package, so that relative imports can lead from one to the next.
    return f"{prefix}lab{lab:02}" if lab < LABS // 2 else f"{prefix}studies.lab{lab:02}"


def _tag(lab: int, module: int) -> str:
    return f"{lab:02}x{module:02}"


def _module(lab: int, module: int, prefix: str) -> str:
    """Return a module; each reaches the library by another way, through this package or the one before it."""
    seed = module % SEEDS
    if module < SEEDS:
        head, base, library = (
            ("import huldra\n", "huldra.Huldra[int]", "huldra"),
            ("from huldra import Huldra, chz\nimport huldra as lib\n", "Huldra[int]", "lib"),
            ("import huldra as h\n\nRoot = h.Huldra\n", "Root[int]", "h"),
        )[module % 3]
        return head + _body(lab, module, base, library)
    other = _package(lab - 1 if lab else 0, prefix)
    known = f"Data{_tag(lab - 1 if lab else 0, seed)}"
    own = f"Data{_tag(lab, seed)}"
    is_nested = lab > LABS // 2
    ways = (
        (f"from .m{seed:02} import {own}\n", own),
        (f"from {other} import Base{seed} as B\n" if lab else f"from .m{seed:02} import {own} as B\n", "B"),
        (f"from {other}.m{seed:02} import *\n", known),
        (f"import {other}.m{seed:02} as mod\n", f"mod.{known}"),
        (f"import {other}\n" if lab else f"from . import m{seed:02}\n", _attribute(other, lab, seed, known)),
        (
            f"from ..{other.rpartition('.')[2]}.m{seed:02} import {known}\n"
            if is_nested
            else f"from .m{seed:02} import {own}\n",
            known if is_nested else own,
        ),
    )
    head, base = ways[(module + lab) % len(ways)]
    return f"from .m{seed:02} import {_library(seed)} as lib\n{head}" + _body(lab, module, base, "lib")


def _attribute(other: str, lab: int, seed: int, known: str) -> str:
    return f"{other}.Base{seed}" if lab else f"m{seed:02}.{known}"


def _library(seed: int) -> str:
    return ("huldra", "lib", "h")[seed % 3]


def _body(lab: int, module: int, base: str, library: str) -> str:
    return _BODY.format(tag=_tag(lab, module), base=base, library=library, number=module + 2)


def make_shared_tree(directory: Path) -> list[str]:
    """Effect: write a tree in which all that `make_tree` writes lies in one package, and imports say so.

    Returns:
        The files that can see an experiment class.
    """
    packages = third_party_files(cache_directory())
    names = "|".join(re.escape(path.name) for path in packages.iterdir())
    statement = re.compile(rf"^([ \t]*(?:from|import)[ ]+)(?=(?:{names})\b)".encode(), re.MULTILINE)
    prefix = f"{SHARED}."
    for file in packages.rglob("*.py"):
        target = directory / SHARED / file.relative_to(packages)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(statement.sub(rb"\g<1>" + prefix.encode(), file.read_bytes()))
    (directory / "pyproject.toml").write_text("")
    return write_labs(directory, prefix)


def make_tree(directory: Path, labs: int = 1, third_party: int = 1) -> list[str]:
    """Effect: write a tree of so many times the packages and the files of experiments.

    Returns:
        The files that can see an experiment class.
    """
    packages = third_party_files(cache_directory())
    directory.mkdir(parents=True)
    (directory / "pyproject.toml").write_text("")
    for copy in range(third_party):
        shutil.copytree(packages, directory if not copy else directory / f"copy{copy}", dirs_exist_ok=True)
    return sorted(name for copy in range(labs) for name in write_labs(directory, f"again{copy}." if copy else ""))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else cache_directory() / "tree"
    found = make_tree(target)
    print(f"{target}: {sum(1 for _ in target.rglob('*.py'))} files, {len(found)} of them see an experiment class")
