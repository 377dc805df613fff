"""Which Python runs experiments, and what the library can do there. Looks into the project; starts a process to ask."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from huldra.formats.dialect import Dialect
from huldra.formats.json_values import JsonValue
from huldra.sources.toml_files import parse_toml, read_toml_text, value_at

_ASK_SECONDS = 60.0
_MANAGERS: Mapping[str, tuple[str, ...]] = {
    "poetry": ("poetry", "env", "info", "--executable"),
    "pdm": ("pdm", "info", "--python"),
    "hatch": ("hatch", "env", "find"),
    "pipenv": ("pipenv", "--py"),
}
_FILES = {"poetry.lock": "poetry", "pdm.lock": "pdm", "hatch.toml": "hatch", "Pipfile": "pipenv"}
_ENVIRONMENTS = (".venv", "venv", ".pixi/envs/default")
_PROBE = """\
import inspect, json, sys
sys.path[:0] = {roots!r}
import {library} as library
base = library.{base}
names = [name for name in {calls!r} if hasattr(base, name)]
forced = [name for name in names if "force" in inspect.signature(getattr(base, name)).parameters]
print()
print(json.dumps({{"version": getattr(library, "__version__", None), "calls": names, "forced": forced}}))
"""


class Interpreter(Struct, frozen=True):
    """A Python, and why it was chosen."""

    path: str
    source: str


class Library(Struct, frozen=True):
    """What the library can do in an interpreter.

    Attributes:
        version: As it says itself; empty if it does not.
        call: What gives a result: `load_or_create()`.
        forced_call: What makes a result again, keeping the old one if that fails; None where it cannot.
    """

    version: str
    call: str
    forced_call: str | None


class Unusable(Struct, frozen=True):
    """Why an interpreter cannot run experiments, and the way out."""

    reason: str


def find_interpreter(root: Path, chosen: str | None, setting: str | None) -> Interpreter | Unusable:
    """Return the Python that runs a project's experiments.

    Effect: looks for files; may ask the tool that manages the project's environment where it is.

    Args:
        root: The project.
        chosen: What the command line says.
        setting: What the settings say; relative to the root.
    """
    if chosen:
        return _named(Path.cwd(), chosen, "--python")
    if setting:
        return _named(root, setting, "[tool.huldra.run] python")
    for path, source in _candidates(root):
        if _is_executable(path):
            return Interpreter(str(path), source)
    return Interpreter(sys.executable, "the Python of huldra itself")


def ask_library(
    interpreter: Interpreter, dialect: Dialect, roots: Sequence[str], directory: Path
) -> Library | Unusable:
    """Return what the library can do in an interpreter, or why it cannot be imported there.

    Effect: starts the interpreter in a directory.
    """
    base = min(dialect.experiment_classes, key=len).rpartition(".")[2]
    calls = sorted(dialect.load_methods)
    program = _PROBE.format(roots=list(roots), library=dialect.name, base=base, calls=calls)
    try:
        done = subprocess.run(  # noqa: S603  # the interpreter that the user runs their experiments with
            [interpreter.path, "-c", program],
            cwd=directory,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_ASK_SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return Unusable(f"{interpreter.path} ({interpreter.source}) cannot be started: {error}")
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return Unusable(
            f"{dialect.name} cannot be imported by {interpreter.path} ({interpreter.source}): {said}; "
            "install it there, or name another with --python PATH"
        )
    return _library(done.stdout, dialect)


def _library(said: str, dialect: Dialect) -> Library | Unusable:
    answer: JsonValue = json.loads(said.strip().splitlines()[-1])
    match answer:
        case {"version": version, "calls": [str(call), *_], "forced": [*forced]}:
            again = next((f"{name}(force=True)" for name in forced if isinstance(name, str)), None)
            return Library(version if isinstance(version, str) else "", f"{call}()", again)
        case _:
            return Unusable(f"the {dialect.name} that is installed there has no experiments of the kind we know")


def _named(base: Path, path: str, source: str) -> Interpreter | Unusable:
    """Return the Python that a word means: a file or an environment below `base`, or a command on the path."""
    direct = base / Path(path).expanduser()
    by_name = shutil.which(path)
    tried = (direct, _python_in(direct), *(() if by_name is None else (Path(by_name),)))
    found = next((candidate for candidate in tried if _is_executable(candidate)), None)
    if found is None:
        return Unusable(f"{source} names {path}, which is no Python that can be run")
    return Interpreter(str(found), source)


def _candidates(root: Path) -> Iterator[tuple[Path, str]]:
    active = os.environ.get("VIRTUAL_ENV")
    if active:
        yield _python_in(Path(active)), "VIRTUAL_ENV"
    uv = os.environ.get("UV_PROJECT_ENVIRONMENT")
    for directory in _up_to_repository(root):
        for name in _ENVIRONMENTS:
            yield _python_in(directory / name), _whose(root, directory, name)
        if uv:
            yield _python_in(directory / uv), "uv's environment of the project"
    if (root / ".pdm-python").is_file():
        yield Path((root / ".pdm-python").read_text(encoding="utf-8", errors="replace").strip()), "pdm"
    for manager in _managers(root):
        path = _told_by(root, manager)
        if path is not None:
            yield path, manager
    conda = os.environ.get("CONDA_PREFIX")
    if conda:
        yield _python_in(Path(conda)), "conda"
    for name in ("python3", "python"):
        found = shutil.which(name)
        if found is not None:
            yield Path(found), "PATH"


def _up_to_repository(root: Path) -> Sequence[Path]:
    """Return the project and what encloses it in its repository: a workspace has one environment for its members."""
    enclosing = (root, *root.parents)
    top = next((number for number, directory in enumerate(enclosing) if (directory / ".git").exists()), 0)
    return enclosing[: top + 1]


def _whose(root: Path, directory: Path, name: str) -> str:
    return f"{name} of the project" if directory == root else f"{name} of {directory}"


def _managers(root: Path) -> Iterator[str]:
    """Yield the tools that manage the project's environment, by their files."""
    text = read_toml_text(root / "pyproject.toml")
    table = {} if text is None else parse_toml(text, root / "pyproject.toml")
    by_file = {manager for name, manager in _FILES.items() if (root / name).is_file()}
    for name in _MANAGERS:
        if name in by_file or value_at(table, ("tool", name)) is not None:
            yield name


def _told_by(root: Path, manager: str) -> Path | None:
    command = shutil.which(manager)
    if command is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603  # fixed words
            [command, *_MANAGERS[manager][1:]],
            cwd=root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_ASK_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = done.stdout.strip()
    if done.returncode or not said:
        return None
    path = Path(said.splitlines()[-1])
    return _python_in(path) if path.is_dir() else path


def _python_in(environment: Path) -> Path:
    windows = environment / "Scripts" / "python.exe"
    return windows if windows.is_file() else environment / "bin" / "python"


def _is_executable(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)
