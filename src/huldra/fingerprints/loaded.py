"""Which modules of the project are loaded with what a closure reaches."""

from collections.abc import Iterable

from huldra.fingerprints.code import Code
from huldra.project.imported import imported_modules


def loaded_modules(code: Code, files: Iterable[str]) -> frozenset[str]:
    """Return the modules of some files and those that they import outside functions, directly or not."""
    found = {file for file in files if file in code.modules.module_of}
    waiting = list(found)
    while waiting:
        new = set(_imported(code, waiting.pop())) - found
        found |= new
        waiting += new
    return frozenset(code.modules.module_of[file] for file in found)


def _imported(code: Code, file: str) -> tuple[str, ...]:
    """Return the files that one imports itself; kept, for most closures of a state load the same."""
    if file not in code.imported:
        module, facts = code.modules.module_of[file], code.facts.get(file)
        names = () if facts is None else (name for name, _ in imported_modules(code.modules, module, facts))
        files = (code.modules.file_of.get(name) for name in dict.fromkeys(names))
        # A file that cannot be read says nothing, though it is listed.
        code.imported[file] = tuple(each for each in files if each is not None and each in code.facts)
    return code.imported[file]
