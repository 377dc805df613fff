"""States of a small project's code, and what differs between them for one class."""

from huldra.comparison.code_changes import CodeChange, code_changes
from huldra.facts.collect import collect_facts
from huldra.facts.scan import written
from huldra.fingerprints.closure import build_closure
from huldra.fingerprints.code import Code
from huldra.fingerprints.data_files import DataListing, with_named_files
from huldra.fingerprints.holdings import Holdings
from huldra.fingerprints.model import Closure
from huldra.project.modules import build_module_table


class SourceFiles(DataListing, frozen=True):
    """The files of a state, of which each content is named by the text itself."""

    def text(self, name: str) -> str | None:
        """Return what a file says."""
        found = self.contents.get(name)
        return found if isinstance(found, str) else None


def code_of(files: dict[str, str]) -> Code:
    """Return a state of the code; its import root is the top. What is no Python file is no code."""
    files = {name: text for name, text in files.items() if name.endswith(".py")}
    facts = {name: collect_facts(text) for name, text in files.items()}
    return Code(
        build_module_table(files, [""]),
        facts,
        frozenset(),
        lambda word: [name for name in files if word in files[name]],
        lambda word: [name for name in files if word in written(files[name])],
    )


def closure_of(
    files: dict[str, str], class_name: str = "exp.Run", holdings: Holdings | None = None, ignored: tuple[str, ...] = ()
) -> Closure:
    """Return what `_create` of a class reaches, and the files that are no code which it names."""
    found = build_closure(code_of(files), class_name, ("_create",), holdings or Holdings(), ignored)
    assert found is not None, f"{class_name} is not there"
    return with_named_files(found, SourceFiles(files))


def changes_between(then: dict[str, str], now: dict[str, str], class_name: str = "exp.Run") -> tuple[CodeChange, ...]:
    """Return what changed for a class between two states of the code."""
    return code_changes(closure_of(then, class_name), closure_of(now, class_name))


def changes_of_files(
    code: dict[str, str], then: dict[str, str], now: dict[str, str], class_name: str = "exp.Run"
) -> tuple[CodeChange, ...]:
    """Return what changed for a class where only files beside the code have other contents."""
    found = closure_of(code, class_name)
    return code_changes(*(with_named_files(found, DataListing(files)) for files in (then, now)))
